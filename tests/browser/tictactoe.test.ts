import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { GameServer } from "./server.js";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

let browser: Browser;
let server: GameServer;

beforeAll(async () => {
  const { CHROMIUM: executablePath } = process.env;
  if (executablePath === undefined) throw new Error("set CHROMIUM to the path of a Chromium (cargo xtask test does)");
  browser = await chromium.launch({ executablePath, args: FLAGS });
});

afterAll(async () => {
  await browser?.close();
});

beforeEach(async () => {
  server = await GameServer.start();
  return () => server.kill();
});

/** A window of its own (own cookies, own connection) that shows a board. */
class Window {
  readonly faults: string[] = [];
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.faults.push(String(error)));
  }

  static async open(board: string): Promise<Window> {
    const context = await browser.newContext();
    const window = new Window(await context.newPage());
    await window.page.goto(`${server.url}/#board=${board}`);
    await window.shows("status", "ready");
    await window.cell(8).waitFor();
    return window;
  }

  cell(n: number) {
    return this.page.getByTestId(`cell-${n}`);
  }

  async shows(testId: string, text: string | RegExp): Promise<void> {
    await this.page.getByTestId(testId).filter({ hasText: text }).waitFor();
  }

  async cellShows(n: number, mark: "X" | "O"): Promise<void> {
    await this.cell(n).filter({ hasText: mark }).waitFor();
  }

  async note(text: string): Promise<void> {
    await this.page.getByRole("alert").filter({ hasText: text }).waitFor();
  }

  async marks(): Promise<string> {
    const texts = await this.page.getByTestId(/^cell-/).allTextContents();
    return texts.map((text) => text.trim() || ".").join("");
  }
}

describe("tic-tac-toe in two windows", () => {
  test("a move made in one window appears in the other", async () => {
    const [ann, bob] = [await Window.open("one"), await Window.open("one")];
    await ann.cell(0).click();
    await bob.cellShows(0, "X");
    await bob.cell(4).click();
    await ann.cellShows(4, "O");
    expect(await ann.marks()).toBe("X...O....");
    expect(await bob.marks()).toBe("X...O....");
    expect([...ann.faults, ...bob.faults]).toEqual([]);
  });

  test("a taken cell is refused with its typed error, and the game goes on", async () => {
    const [ann, bob] = [await Window.open("one"), await Window.open("one")];
    await ann.cell(0).click();
    await bob.cellShows(0, "X");
    await bob.cell(0).click();
    await bob.note("That cell is taken by X");
    await bob.cell(1).click();
    await ann.cellShows(1, "O");
    await bob.page.getByRole("alert").filter({ hasText: /^$/ }).waitFor({ state: "attached" });
  });

  test("the server's clock ticks", async () => {
    const ann = await Window.open("one");
    await ann.shows("time", /\d\d:\d\d:\d\d/);
    const first = await ann.page.getByTestId("time").textContent();
    await ann.page.waitForFunction((old) => document.querySelector("[data-testid=time]")?.textContent !== old, first);
  });

  test("another board is independent", async () => {
    const [ann, bob] = [await Window.open("one"), await Window.open("two")];
    await ann.cell(0).click();
    await ann.cellShows(0, "X");
    await bob.cell(8).click();
    await bob.cellShows(8, "X");
    expect(await ann.marks()).toBe("X........");
    expect(await bob.marks()).toBe("........X");
  });

  test("another board is opened by its name", async () => {
    const [ann, bob] = [await Window.open("one"), await Window.open("two")];
    await bob.cell(4).click();
    await bob.cellShows(4, "X");
    await ann.page.getByLabel("Board").fill("two");
    await ann.page.getByRole("button", { name: "Open" }).click();
    await ann.cellShows(4, "X");
    expect(new URL(ann.page.url()).hash).toBe("#board=two");
  });

  test("a won game ends for both, a new one begins for both", async () => {
    const [ann, bob] = [await Window.open("one"), await Window.open("one")];
    for (const cell of [0, 3, 1, 4, 2]) {
      await ann.cell(cell).click();
      await ann.cell(cell).filter({ hasText: /[XO]/ }).waitFor();
    }
    await bob.shows("turn", "X wins");
    await bob.cell(8).click();
    await bob.note("The game is over");
    await bob.page.getByRole("button", { name: "New game" }).click();
    await ann.shows("turn", "X to move, 0 played");
    expect(await ann.marks()).toBe(".........");
  });

  test("when the server dies both windows say so, come back by themselves and go on", async () => {
    const [ann, bob] = [await Window.open("one"), await Window.open("one")];
    await ann.cell(0).click();
    await bob.cellShows(0, "X");
    const port = server.port;
    await server.kill();
    await ann.shows("status", "reconnecting");
    await bob.shows("status", "reconnecting");
    // What was known stays on the screen meanwhile.
    expect(await bob.marks()).toBe("X........");
    server = await GameServer.start(port);
    await ann.shows("status", "ready");
    await bob.shows("status", "ready");
    await ann.shows("turn", "X to move, 0 played");
    await ann.cell(4).click();
    await bob.cellShows(4, "X");
    expect(await bob.marks()).toBe("....X....");
    expect([...ann.faults, ...bob.faults]).toEqual([]);
  });
});
