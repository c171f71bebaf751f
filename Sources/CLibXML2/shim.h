// The parts of libxml2 that Quorate uses: the writer of reports, and for tests the parser and the
// validator of schemas.
#include <libxml/xmlversion.h>
// Debian's libxml2 is built with ICU, whose headers would come along here and contradict those of
// Foundation's own copy. Only the layout of encoders depends on it, which nobody looks at.
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlschemas.h>
#include <libxml/xmlwriter.h>
