// Copies the text of the element a button names, and says so in the button.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  const source = button && document.getElementById(button.dataset.copy);
  if (!source) return;
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
  } catch {
    getSelection().selectAllChildren(source); // without the permission, Ctrl+C is left to do
    return;
  }
  button.querySelector(".words").textContent = document.body.dataset.wordCopied;
});
