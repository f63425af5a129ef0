// Stands in for Mermaid, 3.5 MB, until a diagram comes near the window: the theme calls
// `initialize` once and then `render` for each diagram, as soon as a page that has one is open.

(() => {
  const address = new URL("mermaid/mermaid.min.js", document.currentScript.src).href;
  let config;
  let loading;

  /** The real Mermaid, which takes the global name over. */
  function load() {
    loading ??= new Promise((done, failed) => {
      const script = document.createElement("script");
      Object.assign(script, { src: address, onload: done, onerror: failed });
      document.head.append(script);
    }).then(() => {
      mermaid.initialize(config);
      return mermaid;
    });
    return loading;
  }

  /** Waits until an element is near the window, or the page is about to be printed. */
  function near(element) {
    return new Promise((done) => {
      if (!element) return done();
      const watch = new IntersectionObserver(
        (entries) => {
          if (!entries.some((entry) => entry.isIntersecting)) return;
          watch.disconnect();
          done();
        },
        { rootMargin: "600px" },
      );
      watch.observe(element);
      addEventListener("beforeprint", done, { once: true });
    });
  }

  window.mermaid = {
    initialize(wanted) {
      config = wanted;
    },
    async render(id, text) {
      const places = [...document.querySelectorAll(".mermaid")];
      await near(places.find((place) => place.textContent === text));
      return (await load()).render(id, text);
    },
  };
})();
