using PolicyValidator.Model;

namespace PolicyValidator.Constraints;

/// <summary>What Envoy's API demands of a field beyond its type.</summary>
internal abstract record Constraint
{
    /// <summary>Must be present; for a list, have an item.</summary>
    public sealed record Required : Constraint;

    /// <summary>A string of so many characters at least.</summary>
    public sealed record MinLength(int Characters) : Constraint;

    /// <summary>A string or bytes of so many bytes at most.</summary>
    public sealed record MaxBytes(int Bytes) : Constraint;

    /// <summary>Part of an HTTP header: without NUL, CR and LF.</summary>
    public sealed record HeaderText : Constraint;

    /// <summary>A duration within bounds; an absent one passes.</summary>
    /// <param name="Min">The shortest that is allowed.</param>
    /// <param name="Max">The longest that is allowed; null for no limit.</param>
    /// <param name="MaxIsOpen">The longest itself is not allowed any more.</param>
    public sealed record DurationRange(ConfigDuration Min, ConfigDuration? Max = null, bool MaxIsOpen = false) : Constraint;

    /// <summary>An enum's number must be one that the release defines.</summary>
    public sealed record Defined : Constraint;

    /// <summary>An enum's number must not be this one, which is also that of an absent field.</summary>
    public sealed record Not(int Number) : Constraint;

    /// <summary>A list of so many items at least.</summary>
    public sealed record MinItems(int Items) : Constraint;

    /// <summary>A list of so many items at most.</summary>
    public sealed record MaxItems(int Items) : Constraint;
}
