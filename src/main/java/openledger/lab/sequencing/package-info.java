/** The experiment on sequenced plans. */
@NullMarked
package openledger.lab.sequencing;

import org.jspecify.annotations.NullMarked;
