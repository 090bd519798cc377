using Google.Protobuf.WellKnownTypes;

namespace ExtProc;

/// <summary>Whether Envoy gave a value.</summary>
public enum Presence
{
    /// <summary>Envoy's configuration does not send it, so nothing can be concluded.</summary>
    NotSent,

    /// <summary>Envoy would send it, and this exchange has none.</summary>
    Absent,

    /// <summary>It is here.</summary>
    Present,
}

/// <summary>An attribute, or a value of dynamic metadata. Source: <c>google.protobuf.Value</c>.</summary>
public readonly struct EnvoyValue : IEquatable<EnvoyValue>
{
    private readonly Value? _value;

    private EnvoyValue(Presence presence, Value? value = null) => (Presence, _value) = (presence, value);

    /// <summary>Whether Envoy gave it.</summary>
    public Presence Presence { get; }

    /// <summary>The text of a string; the JSON of anything else; <see langword="null"/> when not present.</summary>
    public string? Text => _value is null ? null : _value.HasStringValue ? _value.StringValue : _value.ToString();

    /// <summary>The number, where it is one.</summary>
    public double? Number => _value is { HasNumberValue: true } ? _value.NumberValue : null;

    /// <summary>The truth value, where it is one.</summary>
    public bool? Flag => _value is { HasBoolValue: true } ? _value.BoolValue : null;

    /// <summary>The text; <c>absent</c> or <c>not sent</c> where there is none.</summary>
    public override string ToString() => Presence switch
    {
        Presence.Present => Text!,
        Presence.Absent => "absent",
        _ => "not sent",
    };

    internal static EnvoyValue NotSent => new(Presence.NotSent);

    internal static EnvoyValue Absent => new(Presence.Absent);

    internal static EnvoyValue Of(Value value) => new(Presence.Present, value);

    /// <inheritdoc/>
    public bool Equals(EnvoyValue other) => Presence == other.Presence && Equals(_value, other._value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is EnvoyValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Presence, _value);

    /// <summary>Whether both are the same value.</summary>
    public static bool operator ==(EnvoyValue left, EnvoyValue right) => left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(EnvoyValue left, EnvoyValue right) => !left.Equals(right);
}
