using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using ExtProc.Configuration.Reading;

namespace ExtProc.Configuration.Binding;

/// <summary>One setting of a record: a property, a constructor's parameter, or both.</summary>
/// <param name="Property">Reads the value; sets it where there is no parameter.</param>
/// <param name="Parameter">The constructor's parameter of that name, if there is one.</param>
/// <param name="IsRequired">Whether a configuration must have it.</param>
/// <param name="AllowsNull">Whether it may be without a value.</param>
internal sealed record ConfigMember(PropertyInfo Property, ParameterInfo? Parameter, bool IsRequired, bool AllowsNull)
{
    /// <summary>As it stands in YAML.</summary>
    public string Key { get; } = ConfigKey.Of(Property.Name);

    /// <summary>The type without <see cref="Nullable{T}"/> around it.</summary>
    public Type Type { get; } = Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    /// <summary>Whether a number counts bytes and may have a unit. House rule: names say units.</summary>
    public bool IsSize => (Type == typeof(int) || Type == typeof(long)) && Property.Name.EndsWith("Bytes", StringComparison.Ordinal);

    /// <summary>The range in the configuration's words, if there is one.</summary>
    public (string Least, string Most)? Range =>
        Attribute<AllowedRangeAttribute>() is { } own ? (own.Least, own.Most)
        : Attribute<RangeAttribute>() is { } range ? (InWords(range.Minimum), InWords(range.Maximum))
        : null;

    /// <summary>A key that takes one item of a list alone.</summary>
    public string? SingularKey { get; } = Property.GetCustomAttribute<SingularKeyAttribute>()?.Key;

    /// <summary>Data annotations of the property and the parameter.</summary>
    public IReadOnlyList<ValidationAttribute> Annotations { get; } =
        [.. Property.GetCustomAttributes<ValidationAttribute>(), .. Parameter?.GetCustomAttributes<ValidationAttribute>() ?? []];

    /// <summary>Whether a value lies within the range.</summary>
    public bool IsInRange(object value) => Attribute<RangeAttribute>()?.IsValid(value)
        ?? Attribute<AllowedRangeAttribute>() is not { } own
        || (Bound(own.Least).CompareTo(value) <= 0 && Bound(own.Most).CompareTo(value) >= 0);

    private IComparable Bound(string text) => (IComparable)ScalarTypes.Parse(text, Type, IsSize);

    // Data annotations hold numbers as int or double, and everything else as text in the invariant culture.
    private string InWords(object bound) => bound switch
    {
        string text when Type == typeof(TimeSpan) => Quantity.Format(TimeSpan.Parse(text, CultureInfo.InvariantCulture)),
        IConvertible number when IsSize => Quantity.FormatSize(number.ToInt64(CultureInfo.InvariantCulture)),
        _ => ScalarTypes.Format(bound),
    };

    private T? Attribute<T>()
        where T : Attribute => Property.GetCustomAttribute<T>() ?? Parameter?.GetCustomAttribute<T>();
}
