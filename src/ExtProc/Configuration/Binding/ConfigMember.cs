using System.ComponentModel.DataAnnotations;
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
    public AllowedRangeAttribute? Range { get; } =
        Property.GetCustomAttribute<AllowedRangeAttribute>() ?? Parameter?.GetCustomAttribute<AllowedRangeAttribute>();

    /// <summary>A key that takes one item of a list alone.</summary>
    public string? SingularKey { get; } = Property.GetCustomAttribute<SingularKeyAttribute>()?.Key;

    /// <summary>Data annotations of the property and the parameter.</summary>
    public IReadOnlyList<ValidationAttribute> Annotations { get; } =
        [.. Property.GetCustomAttributes<ValidationAttribute>(), .. Parameter?.GetCustomAttributes<ValidationAttribute>() ?? []];
}
