// What README.md shows of the page.
import type { Client } from "@restream/runtime";
import { useStore } from "@restream/runtime/react";
import { useState } from "react";
import { Board } from "./generated/tictactoe/v1.js";

export function Game({ client, game }: { client: Client; game: string }) {
  const [note, setNote] = useState("");
  const board = client.open(Board, { game });
  const cells = useStore(board, (s) => s.cells, []);
  const place = async (cell: number) => {
    const r = await board.placeToken({ cell });
    if (!r.ok && r.error.kind === "CellTaken") setNote(`taken by ${r.error.by}`);
  };
  return (
    <button type="button" onClick={() => place(cells.length)}>
      {note}
    </button>
  );
}
