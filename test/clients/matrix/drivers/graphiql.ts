import type { Page } from "playwright-core";
import type { Driver, Operation, State } from "../driver.ts";
import { installedVersion } from "../installed-version.ts";
import { StateQueue } from "../state-queue.ts";

/** The page at this address of the graph; the same one each time, since it takes long to load. */
export type OpenPage = (url: string) => Promise<Page>;

export const yogaGraphiQL = (open: OpenPage): Driver => ({
  title: "GraphiQL of Yoga (`render-graphiql`)",
  version: installedVersion("@graphql-yoga/render-graphiql"),
  runsOneAtATime: true,
  takesEvents: true,
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
 * Run in a page before its own scripts. Both pages edit with Monaco, which shows what is in its editors only to a page
 * that asks for it so, and a worker for each language would be one more file to serve.
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

/** Text, like everything that runs in a page: the compiler knows no \`document\` here. */
const editor = (name: string) => `monaco.editor.getModels().find(({ uri }) => uri.path.endsWith("${name}"))`;

/** The editors take a moment longer than the texts in them, and without them the button does nothing. */
const isReady = `globalThis.monaco !== undefined && ["operation.graphql", "variables.json", "response.json"].every((name) =>
  monaco.editor.getEditors().some((editor) => editor.getModel()?.uri.path.endsWith(name)))`;

/** Asks the page again and again. `waitForFunction` would do it in the page, whose policy forbids it to evaluate a text. */
async function until(page: Page, condition: string): Promise<void> {
  while (!(await page.evaluate(condition))) await page.waitForTimeout(50);
}

let runs = 0;

async function* runInPage(page: Page, { name, query, variables }: Operation): AsyncGenerator<State, void> {
  const states = new StateQueue<State>();
  // GraphiQL learns only some time after it was written that the operation has another name than before.
  const text = query.replace(name, "CountryPage");
  const show = (response: string) => {
    const state = readResponse(response);
    if (state) states.push(state);
  };
  // How it asks for a subscription it decides by what it has read of the operation so far.
  if (text.startsWith("subscription")) await page.evaluate(writeScript(text)).then(() => until(page, hasRead(text)));
  const callback = `showResponse${++runs}`;
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

/** It keeps the text for the next visit when it reads it. */
const hasRead = (query: string): string => `localStorage.getItem("graphiql:query") === ${JSON.stringify(query)}`;

/** A subscription runs until a person presses the button again. */
const stopScript = `{
  const button = document.querySelector(".graphiql-execute-button");
  if (button.getAttribute("aria-label").startsWith("Stop")) button.click();
}`;

/** Presses the button as a person does, and fulfils with the response when the button offers to run again. */
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

/** Undefined for an editor that is empty, or is being written. */
function readResponse(response: string): State | undefined {
  try {
    const { data, errors = [] } = JSON.parse(response);
    return { data, errors };
  } catch {
    return undefined;
  }
}
