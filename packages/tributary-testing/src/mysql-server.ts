import { createConnection } from "mysql2/promise";
import { withDatabase } from "./with-database.ts";

/** The URL of the MySQL or MariaDB server for test databases: `TEST_MYSQL_URL`, or root on this machine. */
export const mysqlServerUrl = (): string => process.env.TEST_MYSQL_URL ?? "mysql://root@127.0.0.1:3306/";

/** Runs one statement on the server, without a database. */
export async function runOnMysql(serverUrl: string, statement: string): Promise<void> {
  const connection = await createConnection({ uri: withDatabase(serverUrl, ""), connectTimeout: 3_000 });
  try {
    await connection.query(statement);
  } finally {
    await connection.end();
  }
}
