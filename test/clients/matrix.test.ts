import { apolloClient3 } from "./matrix/drivers/apollo-client-3.ts";
import { apolloClient4With2022, apolloClient4WithV02 } from "./matrix/drivers/apollo-client-4.ts";
import { graphqlSse } from "./matrix/drivers/graphql-sse.ts";
import { graphqlWs } from "./matrix/drivers/graphql-ws.ts";
import { relay, relayWith2022 } from "./matrix/drivers/relay.ts";
import { urql, urqlWithGraphcache } from "./matrix/drivers/urql.ts";
import { holdToTable } from "./matrix/hold-to-table.ts";
import { runColumn } from "./matrix/run-column.ts";
import { useScene } from "./matrix/scene.ts";
import { useServedAtlas } from "./support/served-atlas.ts";

const atlas = useServedAtlas();
const scene = useScene();

const drivers = [
  apolloClient4With2022,
  apolloClient4WithV02,
  apolloClient3,
  urql,
  urqlWithGraphcache,
  relay,
  relayWith2022,
  graphqlSse,
  graphqlWs,
];

holdToTable(drivers, (driver, column) => {
  atlas().sun.release();
  return runColumn(driver, column, atlas().url, scene);
});
