/**
 * What the lab hands out: figures with their intervals and where they stand, tables, charts, and the answers to the questions
 * the project asks itself; and the terminal, JSON and HTML forms of a report. Nothing here looks at a clock, and all orders are
 * given, so the same seeds give the same bytes.
 */
@NullMarked
package openledger.lab.report;

import org.jspecify.annotations.NullMarked;
