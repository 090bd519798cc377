using System.Collections;
using System.ComponentModel.DataAnnotations;

namespace ExtProc.Configuration.Binding;

/// <summary>Ranges, data annotations and <see cref="IValidatableObject"/> of options, wherever they came from: a file or code.</summary>
internal static class ConfigValidation
{
    private const int LongestQuoted = 40;

    /// <summary>Walks a record and what it holds.</summary>
    /// <param name="options">The record.</param>
    /// <param name="path">Its path, empty for the whole configuration.</param>
    /// <param name="report">Takes the path of a setting and what is wrong with it.</param>
    /// <param name="around">What a record's own check may ask for, by type: <see cref="ValidationContext.Items"/>.</param>
    public static void Check(object options, string path, Action<string, string> report, IDictionary<object, object?>? around = null)
    {
        foreach (var member in ConfigShape.Of(options.GetType()).Members)
        {
            if (member.Property.GetValue(options) is { } value)
            {
                string inner = path.Length == 0 ? member.Key : $"{path}.{member.Key}";
                CheckMember(options, member, value, inner, report);
                CheckInside(value, inner, report, around);
            }
        }

        if (options is IValidatableObject own)
        {
            foreach (var result in own.Validate(new ValidationContext(options, around)))
            {
                string? key = result.MemberNames.FirstOrDefault() is { Length: > 0 } name ? Reading.ConfigKey.Of(name) : null;
                report(key is null ? path : path.Length == 0 ? key : $"{path}.{key}", result.ErrorMessage ?? "is not valid");
            }
        }
    }

    private static void CheckMember(object options, ConfigMember member, object value, string path, Action<string, string> report)
    {
        if (member.Range is { } range && !member.IsInRange(value))
        {
            report(path, $"{ScalarTypes.Format(value, member.IsSize)} is out of range; allowed is {range.Least} to {range.Most}");
        }

        foreach (var annotation in member.Annotations.Where(annotation => annotation is not RangeAttribute))
        {
            ValidationContext context = new(options) { MemberName = member.Property.Name, DisplayName = member.Key };
            if (annotation.GetValidationResult(value, context) is { ErrorMessage: { } message })
            {
                report(path, (annotation, value) is (LengthAttribute length, string text)
                    ? $"\"{text[..Math.Min(text.Length, LongestQuoted)]}\" has {text.Length} characters; allowed is {length.MinimumLength} to {length.MaximumLength}"
                    : char.ToLowerInvariant(message[0]) + message[1..].TrimEnd('.'));
            }
        }
    }

    private static void CheckInside(object value, string path, Action<string, string> report, IDictionary<object, object?>? around)
    {
        switch (value)
        {
            case string or Pipeline.PipelineDefinition:
                return; // a pipeline's options are checked step by step
            case IDictionary map:
                foreach (DictionaryEntry entry in map)
                {
                    CheckInside(entry.Value!, $"{path}.{entry.Key}", report, around);
                }

                return;
            case IEnumerable items:
                int at = 0;
                foreach (object item in items)
                {
                    CheckInside(item, $"{path}[{at++}]", report, around);
                }

                return;
            default:
                if (!ScalarTypes.Knows(value.GetType()) && value.GetType().Namespace?.StartsWith("System", StringComparison.Ordinal) != true)
                {
                    Check(value, path, report, around);
                }

                return;
        }
    }
}
