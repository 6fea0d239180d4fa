import java.io.File;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.RuleId;
import org.verapdf.pdfa.validation.validators.ValidatorConfig;
import org.verapdf.pdfa.validation.validators.ValidatorConfigBuilder;

/**
 * Asks veraPDF whether PDFs keep the rules of flavours: {@code Validate ua1,2a FILE...}.
 *
 * <p>Prints a line for each rule that a file breaks. Ends with 0 when all files keep all
 * rules, with 1 when one does not, and with 2 when it was called wrongly.
 */
public class Validate {
    public static void main(String[] arguments) {
        // What veraPDF logs on the way is in its findings too.
        Logger.getLogger("").setLevel(Level.OFF);
        VeraGreenfieldFoundryProvider.initialise();
        List<PDFAFlavour> flavours = new ArrayList<>();
        for (String name : arguments.length > 1 ? arguments[0].split(",") : new String[0]) {
            // An unknown name would be no flavour, which every file keeps.
            if (!PDFAFlavour.getFlavourIds().contains(name)) {
                flavours.clear();
                break;
            }
            flavours.add(PDFAFlavour.byFlavourId(name));
        }
        if (flavours.isEmpty()) {
            System.err.println("usage: Validate FLAVOUR[,FLAVOUR...] FILE...");
            System.exit(2);
        }
        List<String> findings = new ArrayList<>();
        for (String file : List.of(arguments).subList(1, arguments.length)) {
            for (PDFAFlavour flavour : flavours) {
                for (String finding : broken(new File(file), flavour)) {
                    findings.add(file + ": " + flavour.getId() + " " + finding);
                }
            }
        }
        findings.forEach(System.out::println);
        System.exit(findings.isEmpty() ? 0 : 1);
    }

    /** The rules that a file breaks, each with its first place. */
    static List<String> broken(File file, PDFAFlavour flavour) {
        ValidatorConfig config = ValidatorConfigBuilder.defaultBuilder()
                .flavour(flavour)
                .showErrorMessages(true)
                .maxNumberOfDisplayedFailedChecks(1)
                .build();
        ValidationResult result;
        try (var parser = Foundries.defaultInstance().createParser(file, flavour);
                var validator = Foundries.defaultInstance().createValidator(config, flavour)) {
            result = validator.validate(parser);
        } catch (Exception error) {
            return List.of("cannot be read: " + line(error.toString()));
        }
        List<String> findings = new ArrayList<>();
        result.getFailedChecks().entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.comparing(Validate::name)))
                .forEach(rule -> findings.add(finding(result, rule.getKey(), rule.getValue())));
        if (findings.isEmpty() && !(result.isCompliant() && result.getTotalAssertions() > 0)) {
            findings.add("was not validated: " + result.getJobEndStatus());
        }
        return findings;
    }

    static String finding(ValidationResult result, RuleId rule, int times) {
        String finding = name(rule) + " (" + times + " times)";
        for (TestAssertion assertion : result.getTestAssertions()) {
            if (assertion.getRuleId().equals(rule)) {
                return finding + ": " + line(assertion.getMessage())
                        + " | " + line(assertion.getErrorMessage())
                        + " | " + line(assertion.getLocation().getContext());
            }
        }
        return finding;
    }

    /** A rule as the standard's clause and the test's number in veraPDF's profile. */
    static String name(RuleId rule) {
        return rule.getClause() + "-" + rule.getTestNumber();
    }

    static String line(String text) {
        return text == null ? "" : text.strip().replaceAll("\\s+", " ");
    }
}
