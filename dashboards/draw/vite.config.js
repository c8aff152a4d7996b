import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  // Grafana's packages are written for Node's globals.
  define: { 'process.env.NODE_ENV': '"production"', 'process.env': '{}', global: 'globalThis' },
  build: { outDir: '../../target/dashboards/page', emptyOutDir: true, minify: false, chunkSizeWarningLimit: 100_000 },
});
