// Run by Rhino, which the veraPDF engine carries: no compiler is needed, a headless JRE is enough.
// Arguments: pairs of flavour ("3a", "ua1") and path. Prints one line of JSON per pair.
var vera = Packages.org.verapdf;
vera.gf.foundry.VeraGreenfieldFoundryProvider.initialise();
var foundry = vera.pdfa.Foundries.defaultInstance();

function validate(name, path) {
  var flavour = vera.pdfa.flavours.PDFAFlavour.fromString(name);
  var parser = foundry.createParser(new java.io.File(path), flavour);
  try {
    var result = foundry.createValidator(flavour, false).validate(parser);
    var failed = [];
    var checks = result.getFailedChecks().entrySet().iterator();
    while (checks.hasNext()) {
      var check = checks.next();
      failed.push(check.getKey().getClause() + "-" + check.getKey().getTestNumber() + " × " + check.getValue());
    }
    return { flavour: name, path: path, compliant: Boolean(result.isCompliant()), failed: failed.sort() };
  } finally {
    parser.close();
  }
}

for (var i = 0; i < arguments.length; i += 2) {
  print(JSON.stringify(validate(String(arguments[i]), String(arguments[i + 1]))));
}
