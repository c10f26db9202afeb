import { type CallError, createClient } from "@restream/runtime";
import { useEvent, useStatus, useStore } from "@restream/runtime/react";
import { useState } from "react";
import { Board, type MoveError, type Outcome } from "./generated/tictactoe/v1.js";

const client = createClient({ url: "/socket" });
const NAMES = ["empty", "X", "O"];

/** One board: everybody who opens the same name plays on the same one. */
export function Game({ game }: { game: string }) {
  const board = client.open(Board, { game });
  const status = useStatus(board);
  const cells = useStore(board, (s) => s.cells, []);
  const turn = useStore(board, (s) => s.turn, 0);
  const outcome = useStore(board, (s) => s.outcome);
  const moves = useStore(board, (s) => s.moves.length, 0);
  const [time, setTime] = useState("");
  const [note, setNote] = useState("");
  useEvent(board, "serverTime", (e) => setTime(e.currentTime.toISOString().slice(11, 19)));

  const place = async (cell: number) => {
    setNote(""); // while disconnected the call waits, and the last answer is none to it
    const r = await board.placeToken({ cell });
    setNote(r.ok ? "" : say(r.error));
  };
  const restart = async () => {
    const r = await board.restart();
    setNote(r.ok ? "" : say(r.error));
  };

  const won = outcome?.kind === "Won" ? outcome.line : [];
  return (
    <main>
      <p className="bar">
        <span className={`status ${status}`} data-testid="status">
          {status}
        </span>
        <time data-testid="time">{time}</time>
      </p>
      <div className="board">
        {cells.map((mark, i) => (
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
            key={i}
            type="button"
            className={won.includes(i) ? "won" : ""}
            data-testid={`cell-${i}`}
            aria-label={`cell ${i}: ${NAMES[mark] ?? "unknown"}`}
            onClick={() => place(i)}
          >
            {" XO"[mark]}
          </button>
        ))}
      </div>
      <p data-testid="turn">{outcome === undefined ? `${" XO"[turn]} to move, ${moves} played` : end(outcome)}</p>
      <p className="note" role="alert">
        {note}
      </p>
      <button type="button" onClick={restart}>
        New game
      </button>
    </main>
  );
}

function end(outcome: Outcome): string {
  switch (outcome.kind) {
    case "Won":
      return `${" XO"[outcome.by]} wins`;
    case "Draw":
      return "A draw";
    case "unrecognized":
      return "The game is over";
  }
}

/** Every way a move can fail. A declared error that is not handled here does not compile: it has no `message`. */
function say(error: MoveError | CallError): string {
  switch (error.kind) {
    case "CellTaken":
      return `That cell is taken by ${" XO"[error.by]}`;
    case "GameOver":
      return "The game is over";
    case "OffBoard":
      return "There is no such cell";
    case "unavailable":
    case "deadline":
    case "unknown_outcome":
      return "The server did not answer: look at the board before you try again";
    case "unrecognized":
      return "The move was refused";
    default:
      return error.message;
  }
}
