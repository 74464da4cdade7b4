/** A dialect of signing in one jar: see {@link example.xmldialect.XmlDialect}. */
@NullMarked
package example.xmldialect;

import org.jspecify.annotations.NullMarked;
