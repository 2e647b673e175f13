import type { Page } from "playwright-core";
import type { Driver, Operation, State } from "../driver.ts";
import { installedVersion } from "../installed-version.ts";
import { StateQueue } from "../state-queue.ts";

/** Opens the page for this endpoint; returns the same page each time, because loading is slow. */
export type OpenPage = (url: string) => Promise<Page>;

export const yogaGraphiQL = (open: OpenPage): Driver => ({
  title: "GraphiQL of Yoga (`render-graphiql`)",
  version: installedVersion("@graphql-yoga/render-graphiql"),
  runsOneAtATime: true,
  supportsSubscriptions: true,
  connect: async (url) => {
    const page = await open(url);
    await until(page, isReady);
    return { run: (operation) => runInPage(page, operation), close: () => undefined };
  },
});

export const stockGraphiQL = (open: OpenPage): Driver => ({
  ...yogaGraphiQL(open),
  title: "GraphiQL",
  version: installedVersion("graphiql"),
});

/**
 * Runs before the scripts of a page. Both pages use Monaco, which exposes its editors only with `globalAPI`. An empty
 * worker avoids a file per language.
 */
export const openMonaco = `{
  let settings = {
    globalAPI: true,
    getWorker: () => new Worker(URL.createObjectURL(new Blob([""], { type: "text/javascript" }))),
  };
  Object.defineProperty(globalThis, "MonacoEnvironment", {
    get: () => settings,
    set: (own) => { settings = { ...own, ...settings }; },
  });
}`;

/** Code in the page is a string, because the types here have no \`document\`. */
const editor = (name: string) => `monaco.editor.getModels().find(({ uri }) => uri.path.endsWith("${name}"))`;

/** The editors are ready later than their models, and the button has no effect before. */
const isReady = `globalThis.monaco !== undefined && ["operation.graphql", "variables.json", "response.json"].every((name) =>
  monaco.editor.getEditors().some((editor) => editor.getModel()?.uri.path.endsWith(name)))`;

/** Polls a condition. The content security policy of the page blocks `waitForFunction`. */
async function until(page: Page, condition: string): Promise<void> {
  while (!(await page.evaluate(condition))) await page.waitForTimeout(50);
}

let executions = 0;

async function* runInPage(page: Page, { name, query, variables }: Operation): AsyncGenerator<State, void> {
  const states = new StateQueue<State>();
  // A constant name: GraphiQL recognizes another operation name only after some time.
  const text = query.replace(name, "CountryPage");
  const show = (response: string) => {
    const state = readResponse(response);
    if (state) states.push(state);
  };
  // GraphiQL selects the transport by the last parsed operation.
  if (text.startsWith("subscription")) await page.evaluate(writeScript(text)).then(() => until(page, hasRead(text)));
  const callback = `showResponse${++executions}`;
  const listener = await page.exposeFunction(callback, show);
  page.evaluate(runScript(text, JSON.stringify(variables), callback)).then(
    (response) => {
      show(String(response));
      states.end();
    },
    (error: unknown) => states.fail(error),
  );
  try {
    yield* states;
  } finally {
    await page.evaluate(stopScript);
    await listener.dispose();
  }
}

const writeScript = (query: string): string => `${editor("operation.graphql")}.setValue(${JSON.stringify(query)})`;

/** GraphiQL stores the text when it has parsed it. */
const hasRead = (query: string): string => `localStorage.getItem("graphiql:query") === ${JSON.stringify(query)}`;

/** Ends a subscription by a click on the button. */
const stopScript = `{
  const button = document.querySelector(".graphiql-execute-button");
  if (button.getAttribute("aria-label").startsWith("Stop")) button.click();
}`;

/** Clicks the button, and resolves with the response when the button shows Execute again. */
const runScript = (query: string, variables: string, callback: string): string => `new Promise((resolve) => {
  const response = ${editor("response.json")};
  ${writeScript(query)};
  ${editor("variables.json")}.setValue(${JSON.stringify(variables)});
  response.setValue("");
  const listener = response.onDidChangeContent(() => ${callback}(response.getValue()));
  const button = () => document.querySelector(".graphiql-execute-button");
  const observer = new MutationObserver(() => {
    if (!button().getAttribute("aria-label").startsWith("Execute") || response.getValue() === "") return;
    observer.disconnect();
    listener.dispose();
    resolve(response.getValue());
  });
  observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  button().click();
})`;

/** Undefined if the editor is empty or has incomplete JSON. */
function readResponse(response: string): State | undefined {
  try {
    const { data, errors = [] } = JSON.parse(response);
    return { data, errors };
  } catch {
    return undefined;
  }
}
