import { StaticFile } from "./static-file.ts";

/** The parts of GraphiQL that do not depend on the graph, by their paths, which have their hashes. */
export interface GraphiQLFiles {
  readonly byPath: ReadonlyMap<string, StaticFile>;
  /** Paths relative to `/graphql`: a proxy may serve it below another path. */
  readonly paths: { readonly script: string; readonly style: string; readonly icon: string };
  readonly script: StaticFile;
}

/** A changed file has another path, so that no browser has to ask whether it changed. */
const cachedForAYear = { "cache-control": "public, max-age=31536000, immutable" };
const scriptType = { ...cachedForAYear, "content-type": "text/javascript; charset=utf-8" };

/** Without it a tab that is pressed takes up an old place for as long as it is focused, and the click misses it. */
const steadyTabs = ".graphiql-tab{transform:none!important}";

/** Loads GraphiQL: 9 MB, which asks no other host for anything. */
export async function loadGraphiQLFiles(): Promise<GraphiQLFiles> {
  const parts = await import("@graphql-yoga/render-graphiql/graphiql");
  const byPath = new Map<string, StaticFile>();
  const add = (name: string, extension: string, file: StaticFile): string => {
    const path = `graphql/${name}-${file.hash}.${extension}`;
    byPath.set(`/${path}`, file);
    return path;
  };
  const addScript = (name: string, text: string) => add(name, "js", new StaticFile(text, scriptType));
  const workers = {
    editorWorkerService: addScript("editor-worker", parts.editorWorkerService),
    json: addScript("json-worker", parts.jsonWorker),
    graphql: addScript("graphql-worker", parts.graphqlWorker),
  };
  const script = new StaticFile(`${parts.js};\n${bootstrap(workers)}`, scriptType);
  const style = new StaticFile(parts.css + steadyTabs, {
    ...cachedForAYear,
    "content-type": "text/css; charset=utf-8",
  });
  const icon = new StaticFile(bytesOf(parts.favicon), { ...cachedForAYear, "content-type": "image/x-icon" });
  const paths = {
    script: add("graphiql", "js", script),
    style: add("graphiql", "css", style),
    icon: add("icon", "ico", icon),
  };
  return { byPath, paths, script };
}

/** Where the page's JSON for GraphiQL stands, as the id of an element. */
export const optionsId = "graphiql-options";

/** Shows GraphiQL, and tells its editor where its workers are. */
const bootstrap = (workers: Readonly<Record<string, string>>): string => `
{
  const page = document.currentScript.src;
  const workers = ${JSON.stringify(workers)};
  self.MonacoEnvironment = {
    globalAPI: false,
    getWorkerUrl: (_, label) => new URL("../" + workers[label], page).href,
  };
  const options = JSON.parse(document.getElementById("${optionsId}").textContent);
  YogaGraphiQL.renderYogaGraphiQL(document.getElementById("root"), options);
}
`;

/** The content of a `data:` URL in base64. */
const bytesOf = (dataUrl: string): Buffer<ArrayBuffer> =>
  Buffer.from(dataUrl.slice(dataUrl.indexOf(",") + 1), "base64");
