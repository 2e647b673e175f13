/** The API of json-server 0.17 that the countries service uses; the package has no types. */
declare module "json-server" {
  import type { RequestListener } from "node:http";

  interface Router {
    /** The database; `_.id` is the name of the column for `/countries/<id>`. */
    readonly db: { readonly _: { id: string } };
  }

  interface Application extends RequestListener {
    set(name: string, value: unknown): Application;
    use(handler: Router | readonly unknown[]): Application;
  }

  interface JsonServer {
    create(): Application;
    defaults(options: { logger?: boolean; readOnly?: boolean; noGzip?: boolean; static?: string }): readonly unknown[];
    router(tables: Readonly<Record<string, readonly object[]>>): Router;
  }

  const jsonServer: JsonServer;
  export default jsonServer;
}
