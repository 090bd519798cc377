using PolicyValidator.Decoding;
using PolicyValidator.Inputs;
using PolicyValidator.Model;
using PolicyValidator.Rules;

namespace PolicyValidator.Kubernetes;

/// <summary>Holds an object against its resource's schema, as the API server does when a strict client such as kubectl sends it.</summary>
/// <param name="document">The document.</param>
/// <param name="table">The kind's schemas.</param>
/// <param name="release">The release that is asked about.</param>
/// <param name="name">How messages name a release: <c>Envoy Gateway 1.9.1</c>.</param>
internal sealed class CrdCheck(SourceDocument document, CrdTable table, ProductVersion release, Func<ProductVersion, string> name)
{
    private readonly List<ConfigProblem> problems = [];

    /// <summary>Everything that is wrong with an object.</summary>
    public IReadOnlyList<ConfigProblem> Check(KubernetesValue root)
    {
        Object(root, table.At(release));
        return problems;
    }

    private void Check(KubernetesValue value, CrdSchema schema)
    {
        if (schema.Path is ".metadata" or ".status" || (value.Kind == JsonKind.Null && schema.IsNullable))
        {
            return;
        }

        if (!IsOfType(value, schema.Type))
        {
            Refuse(value, schema, $"{value.Described} where {TypeInWords(schema.Type!)} should stand", FormAdvice.OfType(value, schema, TypeInWords(schema.Type!)));
            return;
        }

        switch (value.Kind)
        {
            case JsonKind.Object:
                Object(value, schema);
                break;
            case JsonKind.Array:
                List(value, schema);
                break;
            default:
                Scalar(value, schema);
                break;
        }
    }

    private void Object(KubernetesValue value, CrdSchema schema)
    {
        Bound(value, schema, "minProperties", "maxProperties", value.Fields.Count, "fields");
        foreach (KubernetesField field in value.Fields)
        {
            if (schema.Path.Length == 0 && field.Name is "apiVersion" or "kind" or "metadata")
            {
                continue; // Every object has them, whether its definition says so or not.
            }

            if ((schema.Fields.GetValueOrDefault(field.Name) ?? schema.FreeValues) is not { } known)
            {
                Unknown(field, schema);
            }
            else if (field.Value.Kind != JsonKind.Null || known == schema.FreeValues)
            {
                Check(field.Value, known);
            }
        }

        foreach (string field in schema.Required.Where(field => value[field] is null && !schema.Fields[field].HasDefault))
        {
            SourceSpan at = value.Node.Entry?.Key.UseSpan ?? (value.Node is MappingNode { Entries: [var first, ..] } ? first.Key.UseSpan : value.Node.UseSpan);
            Add(new(ProblemKind.KubernetesValue, document, at, $"{value.Node.Pointer}/{field}", $"'{field}' is missing{In(schema)}", $"add '{field}'"), schema);
        }
    }

    private void Unknown(KubernetesField field, CrdSchema schema)
    {
        if (schema.IsOpen)
        {
            return;
        }

        ProductVersion? later = table.FirstWith($"{schema.Path}.{field.Name}", release);
        string help = later is null ? Described.Nearest(field.Name, schema.Fields.Keys) : $"remove it, or use {name(later.Value)} or later";
        string message = $"'{Described.Short(field.Name)}' is not a field{In(schema).Replace(" in ", " of ", StringComparison.Ordinal)} in {name(release)}";
        Add(new(ProblemKind.KubernetesField, document, field.Key.UseSpan, field.Value.Node.Pointer, message, help) { IsAboutNames = true }, schema);
    }

    private void List(KubernetesValue list, CrdSchema schema)
    {
        Bound(list, schema, "minItems", "maxItems", list.Items.Count, "items");
        if (schema.Items is not { } items)
        {
            return;
        }

        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (KubernetesValue item in list.Items)
        {
            Check(item, items);
            string key = schema.ListType switch
            {
                "set" => item.Text,
                "map" => string.Join('\n', schema.ListKeys.Select(name => item.TextOf(name))),
                _ => "",
            };
            if (schema.ListType is not null && !seen.Add(key))
            {
                Refuse(item, schema, $"{(schema.ListType == "set" ? item.Described : $"the same {string.Join(", ", schema.ListKeys)}")} stands twice in the list", "keep one of them");
            }
        }
    }

    private void Scalar(KubernetesValue value, CrdSchema schema)
    {
        if (schema.Values.Count > 0 && !schema.Values.Any(each => IsSame(value, each)))
        {
            string message = $"{value.Described} is not one of the values of '{NameOf(schema)}' in {name(release)}";
            Add(At(value, message, OneOf(value, schema)) with { IsAboutNames = true, IsInferred = schema.UnsureValues.Contains(value.Text) }, schema);
        }

        if (value.Kind == JsonKind.String)
        {
            Bound(value, schema, "minLength", "maxLength", value.Text.EnumerateRunes().Count(), "characters");
            if (schema.Patterns.Any(pattern => !pattern.IsMatch(value.Text)))
            {
                Refuse(value, schema, $"{value.Described} has not the form of '{NameOf(schema)}'", FormAdvice.Of(schema));
            }
            else if (schema.UnsurePatterns.Any(pattern => !pattern.IsMatch(value.Text)))
            {
                Add(At(value, $"{value.Described} has not the form that the published definition gives '{NameOf(schema)}'", FormAdvice.OfUnsure(schema)) with { IsInferred = true }, schema);
            }
            else if (!FormatCheck.Passes(value.Text, schema.Format))
            {
                Refuse(value, schema, $"{value.Described} is no {schema.Format}", FormAdvice.Of(schema));
            }
        }
        else if (value.Kind == JsonKind.Number)
        {
            Range(value, schema);
        }
    }

    private static bool IsSame(KubernetesValue value, string allowed) =>
        value.Text == allowed || (value.Kind == JsonKind.Number && KubernetesScalar.NumberOf(value.Text).Equals(KubernetesScalar.NumberOf(allowed)));

    private static string OneOf(KubernetesValue value, CrdSchema schema)
    {
        string? meant = schema.Values.FirstOrDefault(each => Plain(each) == Plain(value.Text))
            ?? schema.Values.Where(each => each.EndsWith($"_{value.Text}", StringComparison.OrdinalIgnoreCase)).MinBy(each => each.Length);
        return meant is not null ? $"write {meant}" : $"use one of {string.Join(", ", schema.Values.Select(each => each.Length == 0 ? "\"\"" : each))}";
    }

    private void Range(KubernetesValue value, CrdSchema schema)
    {
        double number = KubernetesScalar.NumberOf(value.Text);
        if (schema.Bounds.TryGetValue("minimum", out double least) && number < least)
        {
            Refuse(value, schema, $"{value.Text} is less than {least}", $"write {least} or more");
        }

        if (schema.Bounds.TryGetValue("maximum", out double most) && (number > most || (schema.IsMaximumExclusive && number >= most)))
        {
            Refuse(value, schema, $"{value.Text} is {(schema.IsMaximumExclusive ? "not less" : "more")} than {most}", $"write {(schema.IsMaximumExclusive ? $"less than {most}" : $"{most} or less")}");
        }
    }

    private void Bound(KubernetesValue value, CrdSchema schema, string lower, string upper, int count, string what)
    {
        if (schema.Bounds.TryGetValue(lower, out double least) && count < least)
        {
            Refuse(value, schema, $"{count} {what} where '{NameOf(schema)}' needs at least {least}", $"write {least} or more");
        }

        if (schema.Bounds.TryGetValue(upper, out double most) && count > most)
        {
            Refuse(value, schema, $"{count} {what} where '{NameOf(schema)}' takes at most {most}", $"write {most} or fewer");
        }
    }

    private static bool IsOfType(KubernetesValue value, string? type) => type switch
    {
        null => true,
        "object" => value.Kind == JsonKind.Object,
        "array" => value.Kind == JsonKind.Array,
        "string" => value.Kind == JsonKind.String,
        "boolean" => value.Kind is JsonKind.True or JsonKind.False,
        "number" => value.Kind == JsonKind.Number,
        "integer" => value.Kind == JsonKind.Number && IsWhole(value.Text),
        _ => value.Kind == JsonKind.String || (value.Kind == JsonKind.Number && IsWhole(value.Text)),
    };

    private static bool IsWhole(string number) => KubernetesScalar.NumberOf(number) is var value && Math.Floor(value) == value && double.IsFinite(value);

    private static string TypeInWords(string type) => type switch
    {
        "object" => "a mapping",
        "array" => "a list",
        "string" => "a string",
        "boolean" => "true or false",
        "integer" => "a whole number",
        "number" => "a number",
        _ => "a whole number or a string",
    };

    private static string Plain(string word) => word.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();

    private static string NameOf(CrdSchema schema) => schema.Path[(schema.Path.LastIndexOf('.') + 1)..].Replace("[]", "", StringComparison.Ordinal).Replace("{}", "", StringComparison.Ordinal);

    private static string In(CrdSchema schema) => schema.Path.Length == 0 ? "" : $" in '{NameOf(schema)}'";

    private void Refuse(KubernetesValue value, CrdSchema schema, string message, string help) => Add(At(value, message, help), schema);

    private ConfigProblem At(KubernetesValue value, string message, string help) =>
        new(ProblemKind.KubernetesValue, document, value.Node.UseSpan, value.Node.Pointer, message, help);

    private void Add(ConfigProblem problem, CrdSchema schema) => problems.Add(problem with { IsInferred = problem.IsInferred || schema.IsInferred });
}
