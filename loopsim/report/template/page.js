// Page: opens the explorer, hands out the table, and unfolds everything for print.

(() => {
  const film = loopsim.read("film");
  const root = document.getElementById("explorer-root");
  if (film && root) {
    if (typeof DecompressionStream === "undefined") {
      root.textContent = "The explorer needs a browser of 2023 or later; everything else on this page does not.";
    } else {
      new loopsim.Explorer(root, film).open();
    }
  }

  document.getElementById("download").addEventListener("click", async () => {
    const csv = loopsim.read("csv");
    const bytes = await loopsim.inflate(csv.deflated);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bytes], { type: "text/csv" }));
    link.download = csv.name;
    link.click();
    document.getElementById("downloaded").textContent = `${csv.name}: ${bytes.length.toLocaleString("en")} bytes.`;
  });

  addEventListener("beforeprint", () => {
    for (const folded of document.querySelectorAll("figure details, .lead details")) folded.open = true;
  });
})();
