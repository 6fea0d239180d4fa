// Asks EPUBCheck about many books in one run, because Java starts slowly. Prints a message
// of any severity a line, hints about usage among them, and at last how many books were
// looked at.

import com.adobe.epubcheck.api.EPUBLocation;
import com.adobe.epubcheck.api.EpubCheck;
import com.adobe.epubcheck.messages.Message;
import com.adobe.epubcheck.messages.Severity;
import com.adobe.epubcheck.util.DefaultReportImpl;
import com.adobe.epubcheck.util.ReportingLevel;
import java.io.File;
import java.io.OutputStream;
import java.io.PrintStream;

class Check {
    /** Prints what it is told. */
    static class Told extends DefaultReportImpl {
        private final String book;
        private final PrintStream out;

        Told(String book, PrintStream out) {
            super(book);
            this.book = book;
            this.out = out;
            setReportingLevel(ReportingLevel.Usage);
        }

        @Override
        public void message(Message message, EPUBLocation place, Object... arguments) {
            if (message.getSeverity() == Severity.SUPPRESSED) {
                return;
            }
            out.printf(
                    "%s: %s(%s): %s:%d: %s%n",
                    book,
                    message.getSeverity(),
                    message.getID(),
                    place.getPath(),
                    place.getLine(),
                    message.getMessage(arguments).replaceAll("\\s+", " "));
        }
    }

    public static void main(String[] books) {
        PrintStream out = System.out;
        // EPUBCheck tells there which version it found.
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        for (String book : books) {
            new EpubCheck(new File(book), new Told(book, out)).doValidate();
        }
        out.printf("%d looked at%n", books.length);
    }
}
