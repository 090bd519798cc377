using PolicyValidator.Decoding;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A string matcher that cannot be made.</summary>
internal sealed class EP018UnusableStringMatcher : Rule
{
    private static readonly string[] Lists = ["forward_rules.allowed_headers.patterns", "forward_rules.disallowed_headers.patterns"];

    public override string Id => "EP018";
    public override string Name => "unusable-string-matcher";
    public override Severity Severity => Severity.Error;
    public override VersionSet Versions => VersionSet.Since("1.27");
    public override string Summary => "A header pattern is one that Envoy can build: no ignore_case on a regex, and a custom matcher that exists.";
    public override string Why => "Envoy builds the matchers when it loads, and refuses what it cannot build or would have to ignore.";
    public override IReadOnlyList<string> Sources => ["StringMatcher.ignore_case, custom", "source/common/common/matchers.h"];
    public override string Bad => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        forward_rules:
          allowed_headers:
            patterns:
            - safe_regex:
                regex: "x-.*"
              ignore_case: true # EP018

        """;
    public override string Good => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        forward_rules:
          allowed_headers:
            patterns:
            - safe_regex:
                regex: "(?i)x-.*"

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from filter in context.Policies.Filters
        from list in Lists
        from matcher in filter.Config.Messages(list)
        let finding = CaseOfRegex(filter, matcher) ?? UnknownCustom(filter, matcher, context.Target)
        where finding is not null
        select finding;

    private Finding? CaseOfRegex(ExtProcFilter filter, ConfigMessage matcher) =>
        matcher.Has("safe_regex") && matcher.Bool("ignore_case") is { Value: true } ignore
            ? At(filter.Document, ignore.Place, "ignore_case has no effect on a safe_regex", "remove it, and begin the regex with (?i) instead")
            : null;

    private Finding? UnknownCustom(ExtProcFilter filter, ConfigMessage matcher, Target target) =>
        matcher.Any("custom.typed_config") is { } any && !EnvoyExtensions.IsStringMatcher(any.TypeName, target.Version)
            ? At(filter.Document, TypePlace.Of(matcher.PlaceOf("custom.typed_config")), $"there is no string matcher of type '{any.TypeName}'", "use exact, prefix, suffix, contains or safe_regex")
            : null;
}
