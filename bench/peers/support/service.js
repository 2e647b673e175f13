import { Pool } from "undici";

/** Reads the REST service over keep-alive connections. */
export function connectService(baseUrl, connections = 64) {
  const pool = new Pool(baseUrl, { connections });
  return async (path) => {
    const { statusCode, body } = await pool.request({ method: "GET", path, headers: { accept: "application/json" } });
    if (statusCode !== 200) throw new Error(`${path} responded with ${statusCode}`);
    return body.json();
  };
}

/** `/users?id=1&id=2`. */
export const usersPath = (ids) => `/users?${ids.map((id) => `id=${id}`).join("&")}`;
