"use strict";
// Draws each chart of the report from the JSON beside it: lines with their 95 % bands, or points with whiskers.
(() => {
  const height = 320;
  const edge = "edge of a band";
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const axis = (label) => ({
    label,
    stroke: () => colour("--faint"),
    grid: { stroke: () => colour("--line"), width: 1 },
    ticks: { stroke: () => colour("--line"), width: 1 },
  });
  const ofSeries = (index) => () => colour(`--series-${index % 6}`);
  const shown = (unit) => (chart, value) => (value == null ? "–" : `${+value.toPrecision(4)} ${unit}`);

  // The band goes from high to low; neither has a line or a place in the legend.
  const lines = (data) => {
    const options = { series: [{ label: data.across }], bands: [], values: [data.places] };
    data.series.forEach((one, index) => {
      const stroke = ofSeries(index);
      options.series.push({ label: one.name, stroke, width: 2, points: { show: true, size: 6 }, value: shown(data.unit) });
      options.series.push({ label: edge, stroke: "transparent", points: { show: false } });
      options.series.push({ label: edge, stroke: "transparent", points: { show: false } });
      options.bands.push({ series: [index * 3 + 2, index * 3 + 3], fill: () => `${colour(`--series-${index % 6}`)}33` });
      options.values.push(one.values, one.highs, one.lows);
    });
    return options;
  };

  // Each series stands a little beside the others: a place of its own on the axis.
  const points = (data) => {
    const step = Math.min(0.2, 0.6 / data.series.length);
    const places = [];
    data.labels.forEach((label, at) => data.series.forEach((one, index) =>
      places.push(at + (index - (data.series.length - 1) / 2) * step)));
    const spread = (values, index) =>
      places.map((place, at) => (at % data.series.length === index ? values[Math.floor(at / data.series.length)] : null));
    const options = {
      series: [{ label: data.across, value: (chart, value) => (value == null ? "–" : data.labels[Math.round(value)]) }],
      bands: [],
      values: [places],
      whiskers: [],
    };
    data.series.forEach((one, index) => {
      const stroke = ofSeries(index);
      options.series.push({ label: one.name, stroke, paths: () => null, points: { show: true, size: 8, fill: stroke },
        value: shown(data.unit) });
      options.values.push(spread(one.values, index));
      one.values.forEach((value, at) => options.whiskers.push({ place: places[at * data.series.length + index],
        low: one.lows[at], high: one.highs[at], stroke }));
    });
    return options;
  };

  const drawWhiskers = (whiskers) => (chart) => {
    const pen = chart.ctx;
    pen.save();
    pen.lineWidth = 2 * devicePixelRatio;
    for (const { place, low, high, stroke } of whiskers) {
      const x = chart.valToPos(place, "x", true);
      pen.strokeStyle = stroke();
      pen.beginPath();
      pen.moveTo(x, chart.valToPos(low, "y", true));
      pen.lineTo(x, chart.valToPos(high, "y", true));
      pen.stroke();
    }
    pen.restore();
  };

  const draw = (script) => {
    const data = JSON.parse(script.textContent);
    const into = document.getElementById(script.dataset.chart);
    const isLines = data.kind === "LINES";
    const { series, bands, values, whiskers } = isLines ? lines(data) : points(data);
    const everything = data.series.flatMap((one) => [...one.lows, ...one.highs, 0]);
    const low = Math.min(...everything);
    const high = Math.max(...everything);
    const margin = (high - low || 1) * 0.06;
    const across = isLines
      ? { ...axis(data.across), splits: () => data.places, values: () => data.labels }
      : { ...axis(data.across), splits: () => data.labels.map((label, at) => at), values: () => data.labels, rotate: -20, size: 110 };
    const reach = isLines ? [data.places[0], data.places.at(-1)] : [-0.6, data.labels.length - 0.4];
    const chart = new uPlot(
      {
        width: into.clientWidth,
        height,
        // The last of the slanted labels reaches beyond its mark.
        padding: isLines ? [null, null, null, null] : [null, 90, null, null],
        scales: { x: { time: false, range: () => reach },
          y: { range: () => [low < 0 ? low - margin : 0, high + margin] } },
        axes: [across, { ...axis(data.unit), size: 64 }],
        series,
        bands,
        hooks: whiskers ? { draw: [drawWhiskers(whiskers)] } : {},
      },
      values,
      into,
    );
    // Names of the band's edges say nothing.
    into.querySelectorAll(".u-legend .u-series").forEach((row) => {
      if (row.querySelector(".u-label").textContent === edge) row.style.display = "none";
    });
    addEventListener("resize", () => chart.setSize({ width: into.clientWidth, height }));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => chart.redraw());
  };

  document.querySelectorAll("script[data-chart]").forEach(draw);
})();
