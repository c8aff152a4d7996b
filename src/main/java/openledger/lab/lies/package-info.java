/** The experiment on lies about providers' answers, which no replay finds: what providers' own records and twins show of them. */
@NullMarked
package openledger.lab.lies;

import org.jspecify.annotations.NullMarked;
