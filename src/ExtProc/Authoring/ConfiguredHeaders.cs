using System.ComponentModel.DataAnnotations;
using ExtProc.Configuration;
using ExtProc.Protocol;

namespace ExtProc;

/// <summary>
/// Checks header changes that stand in options, before any exchange: what HTTP forbids, and what Envoy as it is declared, or this
/// server, protects. The declaration comes with <see cref="ValidationContext.Items"/>, under its type.
/// </summary>
internal sealed class ConfiguredHeaders(ValidationContext context)
{
    private readonly MutationRules _rules =
        context.Items.TryGetValue(typeof(EnvoyDeclaration), out object? envoy) ? ((EnvoyDeclaration)envoy!).MutationRules : MutationRules.Default;

    public IEnumerable<ValidationResult> Removals(string member, IEnumerable<string> names) => Check(HeaderChangeKind.Remove, member, names.Select(name => KeyValuePair.Create(name, "")));

    public IEnumerable<ValidationResult> Settings(string member, IEnumerable<KeyValuePair<string, string>> lines) => Check(HeaderChangeKind.Set, member, lines);

    public IEnumerable<ValidationResult> Additions(string member, IEnumerable<KeyValuePair<string, string>> lines) => Check(HeaderChangeKind.Append, member, lines);

    private IEnumerable<ValidationResult> Check(HeaderChangeKind kind, string member, IEnumerable<KeyValuePair<string, string>> lines)
    {
        HashSet<string> seen = [];
        foreach ((string name, string value) in lines)
        {
            if (Problem(kind, name.ToLowerInvariant(), value, seen) is { } problem)
            {
                yield return new(problem, [member]);
            }
        }
    }

    private string? Problem(HeaderChangeKind kind, string name, string value, HashSet<string> seen)
    {
        if ((HeaderRules.ProblemOfName(name) ?? HeaderRules.ProblemOfValue(name, value)) is { } malformed)
        {
            return malformed;
        }

        return !seen.Add(name) ? $"\"{name}\" is there twice; header names have no case"
            : HeaderChangeRules.Protection(_rules, kind, name) is { } why ? $"\"{name}\" cannot be {HeaderChangeRules.Done(kind)}: {why}"
            : null;
    }
}
