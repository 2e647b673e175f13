import pg from "pg";

/** The parameters of a connection. `pg` has no option for some, and its types omit them. */
const startupParameters: unknown = Reflect.get(pg.Client.prototype, "getStartupConf");

/**
 * A connection on which instants come in UTC and each time as ISO 8601, whatever the server, the database or the role has
 * set. As parameters of the startup message these two get through every pooler, and `reset all` comes back to them.
 */
export class UtcClient extends pg.Client {
  getStartupConf(): object {
    if (typeof startupParameters !== "function") throw new Error("Expected pg to have Client.getStartupConf.");
    return { ...startupParameters.call(this), TimeZone: "UTC", DateStyle: "ISO" };
  }
}
