import { compareWithTable } from "./matrix/compare-with-table.ts";
import { useControlledFields } from "./matrix/controlled-fields.ts";
import { apolloClient3 } from "./matrix/drivers/apollo-client-3.ts";
import { apolloClient4With2022, apolloClient4WithV02 } from "./matrix/drivers/apollo-client-4.ts";
import { graphqlSse } from "./matrix/drivers/graphql-sse.ts";
import { graphqlWs } from "./matrix/drivers/graphql-ws.ts";
import { relay, relayWith2022 } from "./matrix/drivers/relay.ts";
import { urql, urqlWithGraphcache } from "./matrix/drivers/urql.ts";
import { runColumn } from "./matrix/run-column.ts";
import { useServedAtlas } from "./support/served-atlas.ts";

const atlas = useServedAtlas();
const fields = useControlledFields();

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

compareWithTable(drivers, (driver, column) => {
  atlas().sun.resume();
  return runColumn(driver, column, atlas().url, fields);
});
