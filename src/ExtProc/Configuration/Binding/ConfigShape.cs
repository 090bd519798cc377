using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace ExtProc.Configuration.Binding;

/// <summary>
/// What a record looks like in a configuration: its settings, from constructor parameters and from properties that can be set.
/// The binder, the validation, the JSON schema and the reference in the documentation all read it.
/// </summary>
internal sealed class ConfigShape
{
    private static readonly ConcurrentDictionary<Type, ConfigShape> Known = new();

    private readonly ConstructorInfo _constructor;

    private ConfigShape(Type type)
    {
        Type = type;
        _constructor = type.GetConstructors()
            .Where(candidate => candidate.GetParameters() is not [{ } only] || only.ParameterType != type)
            .OrderByDescending(candidate => candidate.GetParameters().Length)
            .FirstOrDefault() ?? throw new ArgumentException($"{type} cannot be configured: it has no public constructor", nameof(type));
        NullabilityInfoContext nullability = new();
        Members = [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => Member(property, nullability)).OfType<ConfigMember>()];
        foreach (var parameter in _constructor.GetParameters())
        {
            if (!Members.Any(member => member.Parameter == parameter))
            {
                throw new ArgumentException($"{type} cannot be configured: its constructor's parameter {parameter.Name} has no property of the same name", nameof(type));
            }
        }

        ShortForm = type.GetCustomAttribute<ShortFormAttribute>() is { } shortForm
            ? Members.Single(member => member.Property.Name == shortForm.Property)
            : null;
    }

    /// <summary>The record.</summary>
    public Type Type { get; }

    /// <summary>Its settings in the order of the source.</summary>
    public IReadOnlyList<ConfigMember> Members { get; }

    /// <summary>The member that a single value stands for.</summary>
    public ConfigMember? ShortForm { get; }

    /// <summary>Every key that may be written.</summary>
    public IReadOnlyList<string> Keys => [.. Members.SelectMany(member => member.SingularKey is { } singular ? [singular, member.Key] : new[] { member.Key })];

    /// <summary>Looks at a type once.</summary>
    /// <exception cref="ArgumentException">It cannot be made from a configuration.</exception>
    public static ConfigShape Of(Type type) => Known.GetOrAdd(type, static missing => new ConfigShape(missing));

    /// <summary>Makes the record. Members that are not given keep their defaults.</summary>
    public object Create(IReadOnlyDictionary<ConfigMember, object?> values)
    {
        object?[] arguments = [.. _constructor.GetParameters().Select(parameter => Argument(parameter, values))];
        object made = _constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, arguments, null);
        foreach (var (member, value) in values)
        {
            if (member.Parameter is null)
            {
                member.Property.SetValue(made, value, BindingFlags.DoNotWrapExceptions, null, null, null);
            }
        }

        return made;
    }

    private object? Argument(ParameterInfo parameter, IReadOnlyDictionary<ConfigMember, object?> values) =>
        values.TryGetValue(Members.First(member => member.Parameter == parameter), out object? given) ? given
        : parameter.HasDefaultValue ? parameter.DefaultValue ?? ValueOfZero(parameter.ParameterType)
        : ValueOfZero(parameter.ParameterType);

    // A parameter "TimeSpan delay = default" has null as its default value in metadata.
    private static object? ValueOfZero(Type type) =>
        type.IsValueType && Nullable.GetUnderlyingType(type) is null ? RuntimeHelpers.GetUninitializedObject(type) : null;

    private ConfigMember? Member(PropertyInfo property, NullabilityInfoContext nullability)
    {
        var parameter = _constructor.GetParameters().FirstOrDefault(candidate => string.Equals(candidate.Name, property.Name, StringComparison.OrdinalIgnoreCase));
        bool isSettable = property.SetMethod?.IsPublic ?? false;
        if (property.GetIndexParameters().Length > 0 || (parameter is null && !isSettable))
        {
            return null;
        }

        bool allowsNull = property.PropertyType.IsValueType
            ? Nullable.GetUnderlyingType(property.PropertyType) is not null
            : nullability.Create(property).ReadState != NullabilityState.NotNull;
        bool isRequired = parameter is null
            ? property.IsDefined(typeof(RequiredMemberAttribute)) && !_constructor.IsDefined(typeof(System.Diagnostics.CodeAnalysis.SetsRequiredMembersAttribute))
            : !parameter.HasDefaultValue && !allowsNull;
        return new(property, parameter, isRequired, allowsNull);
    }
}
