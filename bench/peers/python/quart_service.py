"""Quart: one event loop for all requests, and keep-alive connections."""

import asyncio

import aiohttp
from quart import Quart, jsonify, request

import country_page
from posts_page import EACH, UPSTREAM, result, user_ids, user_url, users_url

app = Quart(__name__)


@app.before_serving
async def connect():
    app.session = aiohttp.ClientSession()


@app.after_serving
async def disconnect():
    await app.session.close()


@app.post("/graphql")
async def graphql():
    await request.get_json()
    posts = await get(f"{UPSTREAM}/posts")
    ids = user_ids(posts)
    if EACH:
        users = await asyncio.gather(*(get(user_url(id)) for id in ids))
    else:
        users = await get(users_url(ids))
    return jsonify(result(posts, users))


@app.post("/country")
async def country():
    await request.get_json()
    [row] = await get(country_page.country_url("DE"))
    latest, *neighbors = await asyncio.gather(
        get(country_page.RATES_URL),
        *(get(country_page.neighbor_url(code)) for code in row["borders"]),
    )
    return jsonify(country_page.result(row, [rows[0] for rows in neighbors], latest))


async def get(url):
    async with app.session.get(url) as response:
        return await response.json()
