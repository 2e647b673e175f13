import { expect, test } from "vitest";
import { queryOf } from "../../../datasources/rest/query.ts";

test.each([
  [{ page: 2, open: true, text: "a b&c" }, "page=2&open=true&text=a+b%26c"],
  [{ status: ["open", "closed"], tags: [] }, "status=open&status=closed"],
  [{ absent: undefined, none: null, zero: 0, blank: "", no: false }, "zero=0&blank=&no=false"],
])("%j is the query %s", (values, query) => {
  expect(queryOf(values).toString()).toBe(query);
});
