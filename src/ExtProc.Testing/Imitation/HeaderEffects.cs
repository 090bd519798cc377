#pragma warning disable CS0612 // Envoy reads the old `append` and ignores `append_action`
using ExtProc.Configuration;
using Mutation = Envoy.Service.ExtProc.V3.HeaderMutation;

namespace ExtProc.Testing.Imitation;

/// <summary>
/// What Envoy makes of a header mutation: removals first, then each set in order, replacing unless the old <c>append</c> says
/// otherwise, values from <c>raw_value</c> only. What it would refuse or leave out is a violation here.
/// </summary>
internal sealed class HeaderEffects(MutationRules rules, ExchangeLimits limits, Action<string> violation)
{
    private static readonly string[] Routing = [":authority", ":scheme", ":method", "host"];

    /// <summary>Changes the lines; false when Envoy fails the exchange for it.</summary>
    public bool Apply(List<KeyValuePair<string, string>> lines, Mutation? mutation, bool keepsLength = true)
    {
        if (mutation is null)
        {
            return true;
        }

        if (mutation.SetHeaders.Count > limits.HeaderCount || mutation.RemoveHeaders.Count > limits.HeaderCount)
        {
            violation("header_mutation_operation_count_exceeds_limit");
            return false;
        }

        foreach (string name in mutation.RemoveHeaders)
        {
            if (!Remove(lines, name))
            {
                return false;
            }
        }

        foreach (var option in mutation.SetHeaders.Where(option => option.Header is not null))
        {
            if (!Set(lines, option, keepsLength))
            {
                return false;
            }
        }

        if (lines.Count > limits.HeaderCount || lines.Sum(line => line.Key.Length + line.Value.Length) > limits.HeaderBytes)
        {
            violation("header_mutation_result_exceeds_limit");
            return false;
        }

        return true;
    }

    private bool Remove(List<KeyValuePair<string, string>> lines, string name)
    {
        if (name.StartsWith(':') || name == "host" || IsProtected(name))
        {
            return LeaveOut($"Envoy does not remove {name}");
        }

        lines.RemoveAll(line => line.Key == name);
        return true;
    }

    private bool Set(List<KeyValuePair<string, string>> lines, global::Envoy.Config.Core.V3.HeaderValueOption option, bool keepsLength)
    {
        string name = option.Header.Key, value = option.Header.RawValue.ToStringUtf8();
        if (option.Header.Value.Length > 0)
        {
            violation($"{name}: Envoy does not read value, only raw_value");
        }

        if (name.Length == 0 || name.Any(character => character is <= ' ' or '\x7f') || value.AsSpan().IndexOfAny('\0', '\r', '\n') >= 0)
        {
            violation($"header_mutation_set_contains_invalid_character: {name}");
            return false;
        }

        bool appends = option.Append == true;
        if (IsProtected(name) || (appends && name.StartsWith(':')))
        {
            return LeaveOut($"Envoy does not let {name} be set");
        }

        if (OddValues.Why(name, value) is { } why)
        {
            violation(why);
            return true;
        }

        // Where lengths may change Envoy drops content-length itself and leaves out whoever sets it.
        if (name == "content-length" && !keepsLength)
        {
            violation("Envoy ignores content-length in this mode");
            return true;
        }

        int first = lines.FindIndex(line => line.Key == name);
        if (appends || first < 0)
        {
            lines.Add(new(name, value));
            return true;
        }

        lines.RemoveAll(line => line.Key == name);
        lines.Insert(first, new(name, value));
        return true;
    }

    /// <summary>What Envoy's rules refuse is left out, or fails the exchange.</summary>
    private bool LeaveOut(string what)
    {
        violation(what);
        return !rules.DisallowIsError;
    }

    private bool IsProtected(string name) =>
        rules.DisallowAll
        || (!rules.AllowAllRouting && Array.IndexOf(Routing, name) >= 0)
        || (!rules.AllowEnvoy && name.StartsWith("x-envoy-", StringComparison.Ordinal))
        || (rules.DisallowSystem && (name.StartsWith(':') || name == "host"));
}
