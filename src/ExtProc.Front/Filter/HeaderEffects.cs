#pragma warning disable CS0612 // Envoy reads the old `append` and ignores `append_action`
using ExtProc.Configuration;
using Mutation = Envoy.Service.ExtProc.V3.HeaderMutation;

namespace ExtProc.Front.Filter;

/// <summary>
/// What Envoy makes of a header mutation: removals first, then each set in order, replacing unless the old <c>append</c> says
/// otherwise, values from <c>raw_value</c> only. What it would refuse or leave out is a violation here.
/// </summary>
internal sealed class HeaderEffects(MutationRules rules, int mostLines, int mostBytes, Action<string> violation)
{
    private static readonly string[] Routing = [":authority", ":scheme", ":method", "host"];

    /// <summary>Changes the lines; why the exchange fails for it, or null.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="mutation">The changes.</param>
    /// <param name="keepsLength">Whether content-length may be set.</param>
    /// <param name="replaces">Whether it comes with CONTINUE_AND_REPLACE, which may set the method whatever the rules say.</param>
    public FilterFailure? Apply(List<KeyValuePair<string, string>> lines, Mutation? mutation, bool keepsLength = true, bool replaces = false)
    {
        if (mutation is null)
        {
            return null;
        }

        if (mutation.SetHeaders.Count > mostLines || mutation.RemoveHeaders.Count > mostLines)
        {
            return Refused("header_mutation_operation_count_exceeds_limit");
        }

        foreach (string name in mutation.RemoveHeaders)
        {
            if (Remove(lines, name.ToLowerInvariant()) is { } failure)
            {
                return failure;
            }
        }

        foreach (var option in mutation.SetHeaders.Where(option => option.Header is not null))
        {
            if (Set(lines, option, keepsLength, replaces) is { } failure)
            {
                return failure;
            }
        }

        return lines.Count > mostLines || lines.Sum(line => line.Key.Length + line.Value.Length) > mostBytes
            ? Refused("header_mutation_result_exceeds_limit")
            : null;
    }

    private FilterFailure? Remove(List<KeyValuePair<string, string>> lines, string name)
    {
        if (!IsName(name))
        {
            return Refused($"header_mutation_remove_contains_invalid_character: {name}");
        }

        if (name.StartsWith(':') || name == "host" || IsProtected(name))
        {
            return LeaveOut($"Envoy does not remove {name}") ? null : new("header_mutation_remove_headers_failed") { FailsClosed = true };
        }

        lines.RemoveAll(line => line.Key == name);
        return null;
    }

    private static bool IsName(string name) => name.Length > 0 && !name.Any(character => character is <= ' ' or '\x7f');

    private FilterFailure? Set(List<KeyValuePair<string, string>> lines, global::Envoy.Config.Core.V3.HeaderValueOption option, bool keepsLength, bool replaces)
    {
        string name = option.Header.Key.ToLowerInvariant(), value = option.Header.RawValue.ToStringUtf8();
        if (option.Header.Value.Length > 0)
        {
            violation($"{name}: Envoy does not read value, only raw_value");
        }

        if (!IsName(name) || value.AsSpan().IndexOfAny('\0', '\r', '\n') >= 0)
        {
            return Refused($"header_mutation_set_contains_invalid_character: {name}");
        }

        bool appends = option.Append == true;
        if ((IsProtected(name) && !(replaces && name == ":method")) || (appends && name.StartsWith(':')))
        {
            return LeaveOut($"Envoy does not let {name} be set") ? null : new("header_mutation_set_headers_failed") { FailsClosed = true };
        }

        if (OddValues.Why(name, value) is { } why)
        {
            violation(why);
            return null;
        }

        // Where lengths may change Envoy drops content-length itself and leaves out whoever sets it.
        if (name == "content-length" && !keepsLength)
        {
            violation("Envoy ignores content-length in this mode");
            return null;
        }

        Put(lines, name, value, appends);
        return null;
    }

    private static void Put(List<KeyValuePair<string, string>> lines, string name, string value, bool appends)
    {
        name = name == "host" ? ":authority" : name; // one header by two names
        int first = lines.FindIndex(line => line.Key == name);
        if (appends || first < 0)
        {
            lines.Add(new(name, value));
            return;
        }

        lines.RemoveAll(line => line.Key == name);
        lines.Insert(first, new(name, value));
    }

    private FilterFailure Refused(string why)
    {
        violation(why);
        return new(why) { FailsClosed = true };
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
