// node-musickit-api: the recently played tracks of a user, behind a token that the client signs.
import MusicKit from "node-musickit-api/personalized/index.js";

export async function history({ credentials, limit, types }) {
  const music = new MusicKit(credentials);
  const pages = [];
  for (let offset = 0; ; ) {
    const { body } = await music.getRecentlyPlayed(limit, offset, types);
    pages.push(body);
    if (!body.next) return pages;
    offset = Number(new URLSearchParams(body.next.split("?")[1]).get("offset"));
  }
}

// One page, or the refusal as the client rejects with it.
export async function page({ credentials, limit, offset }) {
  try {
    return await new MusicKit(credentials).getRecentlyPlayed(limit, offset, "songs");
  } catch (refused) {
    return { refused };
  }
}
