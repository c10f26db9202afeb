// What docs/guide.md shows of the page.
import { type CallError, createClient } from "@restream/runtime";
import { useEvent, useStatus, useStore } from "@restream/runtime/react";
import { useState } from "react";
import { Auth, Preview, Room, type SayError } from "./generated/chat/v1.js";

const client = createClient({ url: "/socket", token: () => sessionStorage.getItem("token") ?? undefined });
const auth = client.open(Auth);

export async function logIn(name: string, password: string) {
  const r = await auth.logIn({ name, password });
  if (!r.ok) return r.error.kind === "WrongPassword" ? "wrong password" : "try again later";
  sessionStorage.setItem("token", r.value);
  location.reload(); // the token travels when the page connects
  return "";
}

export function Chat({ name, me }: { name: string; me: string }) {
  const room = client.open(Room, { name });
  const status = useStatus(room);
  const topic = useStore(room, (s) => s.topic, "");
  const messages = useStore(room, (s) => s.messages, []);
  const [note, setNote] = useState("");
  useEvent(room, "bell", (e) => setNote(`${e.from} rings`));
  useEvent(room, "mention", { who: me }, (e) => setNote(`${e.by} names you`));

  const say = async (text: string) => {
    const r = await room.say({ text });
    setNote(r.ok ? "" : explain(r.error));
  };
  return (
    <main>
      <h1>{topic}</h1> {status} {note}
      {messages.map((m, i) => (
        <p key={i}>{`${m.author}: ${m.text}`}</p>
      ))}
      <input onInput={() => room.typing({ on: true })} onBlur={(e) => say(e.target.value)} />
    </main>
  );
}

/** The first ten messages with this word. */
export async function find(name: string, word: string) {
  const found: string[] = [];
  for await (const message of client.open(Room, { name }).find({ word })) {
    found.push(message.text);
    if (found.length === 10) break; // gives the call up
  }
  return found;
}

/** A line in a list of rooms: no message travels for it. */
export function RoomLine({ name }: { name: string }) {
  const preview = client.open(Preview, { name });
  const people = useStore(preview, (p) => p.people.size, 0);
  return (
    <li>
      {name}: {people}
    </li>
  );
}

function explain(error: SayError | CallError): string {
  switch (error.kind) {
    case "TooLong":
      return `at most ${error.limit} characters`;
    case "Empty":
      return "say something";
    case "unrecognized":
      return "the server is newer than this page";
    default:
      return error.message; // denied, deadline, unknown_outcome, ..
  }
}
