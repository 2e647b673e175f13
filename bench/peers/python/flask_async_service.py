"""Flask with asyncio: an event loop per request for parallel calls; its connections are closed after the request."""

import asyncio

import aiohttp
from flask import Flask, jsonify, request

import country_page
from posts_page import EACH, UPSTREAM, result, user_ids, user_url, users_url

app = Flask(__name__)


@app.post("/graphql")
async def graphql():
    request.get_json()
    async with aiohttp.ClientSession() as session:
        posts = await get(session, f"{UPSTREAM}/posts")
        ids = user_ids(posts)
        if EACH:
            users = await asyncio.gather(*(get(session, user_url(id)) for id in ids))
        else:
            users = await get(session, users_url(ids))
    return jsonify(result(posts, users))


@app.post("/country")
async def country():
    request.get_json()
    async with aiohttp.ClientSession() as session:
        [row] = await get(session, country_page.country_url("DE"))
        latest, *neighbors = await asyncio.gather(
            get(session, country_page.RATES_URL),
            *(get(session, country_page.neighbor_url(code)) for code in row["borders"]),
        )
    return jsonify(country_page.result(row, [rows[0] for rows in neighbors], latest))


async def get(session, url):
    async with session.get(url) as response:
        return await response.json()
