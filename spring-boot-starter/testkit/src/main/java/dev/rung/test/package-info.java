/** For tests of applications that use Rung: {@link dev.rung.test.RungExtension} starts a real server and a recording merchant. */
@NullMarked
package dev.rung.test;

import org.jspecify.annotations.NullMarked;
