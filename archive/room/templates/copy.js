for (const button of document.querySelectorAll("button[data-copies]")) {
  const text = document.getElementById(button.dataset.copies);
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.innerText);
    } catch { // not where the address is no HTTPS and not this machine
      getSelection().selectAllChildren(text);
      document.execCommand("copy");
    }
    button.textContent = "已复制";
  });
}
