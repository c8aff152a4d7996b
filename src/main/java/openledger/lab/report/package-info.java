/**
 * The reports of the lab: figures with their intervals and their worth as evidence, tables, charts, and the answers to the questions the
 * project asks itself; and the terminal, JSON and HTML forms of a report. Nothing here reads a clock, and all orders are given, so the same
 * seeds give the same bytes.
 */
@NullMarked
package openledger.lab.report;

import org.jspecify.annotations.NullMarked;
