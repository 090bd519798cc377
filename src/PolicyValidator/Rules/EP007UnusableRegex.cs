using PolicyValidator.Decoding;
using PolicyValidator.Expressions.Re2;
using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A regular expression that is not RE2's, or too large.</summary>
internal sealed class EP007UnusableRegex : Rule
{
    /// <summary>Instructions that a program may have where the config sets no limit (<c>re2.max_program_size.error_level</c>).</summary>
    private const int DefaultMaxProgramSize = 100;

    private static readonly string[] Expressions = ["mutation_rules.allow_expression", "mutation_rules.disallow_expression"];
    private static readonly string[] Patterns = ["forward_rules.allowed_headers.patterns", "forward_rules.disallowed_headers.patterns"];

    public override string Id => "EP007";
    public override string Name => "unusable-regex";
    public override Severity Severity => Severity.Error;
    public override string Summary => "A regular expression is one of RE2, without look-around and back references, and small when compiled.";
    public override string Why => "Envoy compiles it when it loads, and refuses what RE2 does not know or what needs more instructions than the limit.";
    public override IReadOnlyList<string> Sources => ["RegexMatcher.regex, google_re2.max_program_size", "source/common/common/regex.cc"];
    public override string Bad => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        mutation_rules:
          allow_expression:
            regex: "x-(?=a)" # EP007

        """;
    public override string Good => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        mutation_rules:
          allow_expression:
            regex: "x-a"

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from filter in context.Policies.Filters
        from matcher in MatchersOf(filter.Config)
        where matcher.String("regex").Value.Length > 0
        let finding = Judge(filter.Document, matcher, context.Target)
        where finding is not null
        select finding;

    private static IEnumerable<ConfigMessage> MatchersOf(ConfigMessage config) =>
        Expressions.Select(config.Message)
            .Concat(Patterns.SelectMany(config.Messages).Select(pattern => pattern.Message("safe_regex")))
            .OfType<ConfigMessage>();

    private Finding? Judge(SourceDocument document, ConfigMessage matcher, Target target)
    {
        Located<string> regex = matcher.String("regex");
        Located<decimal> limit = matcher.Integer("google_re2.max_program_size");
        decimal most = limit.IsSet ? limit.Value : DefaultMaxProgramSize;
        return Re2Pattern.Check(regex.Value, target.Version) switch
        {
            { Error: { } error } => At(document, regex.Place, $"'{Described.Short(regex.Value)}' is not a regular expression of RE2: {error}", "write it without look-around, back references and large repetitions"),
            { IsExact: false } => At(document, regex.Place, $"'{Described.Short(regex.Value)}' is nested so deep that its size cannot be told", "write it flatter") with { Severity = Severity.Warning },
            { ProgramSize: var size } when size > most => At(document, regex.Place, $"'{Described.Short(regex.Value)}' compiles to {size} instructions, more than {most}", "make it shorter (a counted repetition is written out), or raise google_re2.max_program_size"),
            _ => null,
        };
    }
}
