import pg from "pg";

/** Returns the startup parameters of a connection. The types of `pg` omit this method. */
const startupParameters: unknown = Reflect.get(pg.Client.prototype, "getStartupConf");

/**
 * A connection with `TimeZone=UTC` and `DateStyle=ISO`, whatever the defaults of the server, the database or the role.
 * As startup parameters both pass every pooler, and `reset all` returns to them.
 */
export class UtcClient extends pg.Client {
  getStartupConf(): object {
    if (typeof startupParameters !== "function") throw new Error("Expected pg to have Client.getStartupConf.");
    return { ...startupParameters.call(this), TimeZone: "UTC", DateStyle: "ISO" };
  }
}
