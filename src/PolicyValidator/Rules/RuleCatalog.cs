namespace PolicyValidator.Rules;

/// <summary>Every rule, in the order of the ids: EP001 to EP099 are Envoy's own verdict, EP101 and up are hazards.</summary>
public static class RuleCatalog
{
    /// <summary>The rules. <c>make golden</c> keeps the list between the marks.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        // rules:begin, generated
        // rules:end
    ];
}
