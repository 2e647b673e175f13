/** PostGraphile 5 with the schema that it generates from the two tables, with lists instead of connections. */
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { listeningOn, peerOptions } from "./support/peer.js";

const { database, port } = peerOptions();
const pgl = postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ connectionString: database, schemas: ["public"] })],
  grafserv: { graphiql: false, watch: false },
  grafast: { explain: false },
  schema: { defaultBehavior: "-connection list" },
});
const server = createServer();
const serv = pgl.createServ(grafserv);
await serv.addTo(server);
server.listen(port, "127.0.0.1", () => listeningOn(server.address().port));
