using System.Globalization;
using System.Text.Json.Nodes;
using PolicyValidator.Kubernetes;
using PolicyValidator.Model;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Surfaces;

/// <summary>Every cell of the tables that were not read from definitions by a program: each value, each foreign spelling, each type, each release.</summary>
public sealed class DefinitionTests
{
    /// <summary>The tables, each with its releases.</summary>
    public static TheoryData<string, string> Tables
    {
        get
        {
            TheoryData<string, string> rows = [];
            foreach (string kind in DefinitionDocumentTests.Kinds)
            {
                foreach (ProductVersion release in CrdTable.Of(kind).Releases)
                {
                    rows.Add(kind, release.ToString());
                }
            }

            return rows;
        }
    }

    private static readonly JsonNode[] Values = ["text", 5, 1.5, true, new JsonObject(), new JsonArray()];

    [Theory, MemberData(nameof(Tables))]
    public void Every_value_of_an_enum_is_taken_and_no_foreign_spelling_of_it(string kind, string release)
    {
        foreach (CrdSchema schema in Schemas(kind, release).Where(each => each.Values.Count > 0))
        {
            Assert.All(schema.Values, value => Assert.Empty(Problems(kind, release, schema.Path, value)));
            Assert.All(schema.UnsureValues, value => Assert.True(Assert.Single(Problems(kind, release, schema.Path, value)).IsInferred));
            Assert.All(schema.Values.SelectMany(Foreign).Except([.. schema.Values, .. schema.UnsureValues]), spelling =>
            {
                ConfigProblem problem = Problems(kind, release, schema.Path, spelling)[0];
                Assert.Equal((ProblemKind.KubernetesValue, true, schema.IsInferred), (problem.Kind, problem.IsAboutNames, problem.IsInferred));
            });
        }
    }

    [Theory, MemberData(nameof(Tables))]
    public void Every_field_takes_its_own_type_and_no_other(string kind, string release)
    {
        foreach (CrdSchema schema in Schemas(kind, release).Where(each => each.Type is not null && each.Path is not ("" or ".status" or ".metadata")))
        {
            Assert.Empty(Problems(kind, release, schema.Path, SampleObject.Of(schema)));
            Assert.All(Values.Where(value => TypeOf(value) != schema.Type && (TypeOf(value), schema.Type) != ("integer", "number")), value =>
            {
                ConfigProblem problem = Problems(kind, release, schema.Path, value)[0];
                Assert.Equal((ProblemKind.KubernetesValue, false, schema.IsInferred), (problem.Kind, problem.IsAboutNames, problem.IsInferred));
            });
        }
    }

    [Theory, MemberData(nameof(Tables))]
    public void A_field_that_nobody_has_heard_of_is_refused_wherever_fields_are_known(string kind, string release)
    {
        foreach (CrdSchema schema in Schemas(kind, release).Where(each => each.Type == "object" && !each.IsOpen && each.FreeValues is null && each.Path != ".status"))
        {
            ConfigProblem problem = Assert.Single(Problems(kind, release, schema.Path + ".unheardOf", "x"));
            Assert.Equal((ProblemKind.KubernetesField, true, schema.IsInferred), (problem.Kind, problem.IsAboutNames, problem.IsInferred));
        }
    }

    [Theory, MemberData(nameof(Tables))]
    public void A_field_of_a_later_release_is_refused_with_the_release_that_brings_it(string kind, string release)
    {
        CrdTable table = CrdTable.Of(kind);
        CrdSchema root = table.At(ProductVersion.Parse(release));
        foreach (CrdCell cell in table.Cells
            .Where(each => each.Since > ProductVersion.Parse(release) && SampleObject.At(root, each.Schema.Path) is null)
            .GroupBy(each => each.Schema.Path).Select(field => field.MinBy(each => each.Since)!))
        {
            string path = cell.Schema.Path;
            if (path.LastIndexOf('.') is var dot && path[^1] is not (']' or '}') && SampleObject.At(root, path[..dot]) is { IsOpen: false })
            {
                ConfigProblem problem = Assert.Single(Problems(kind, release, path, SampleObject.Of(SampleObject.At(table.At(cell.Since!.Value), path)!)));
                Assert.Equal((ProblemKind.KubernetesField, $"remove it, or use {cell.Since} or later"), (problem.Kind, problem.Help));
            }
        }
    }

    [Theory, MemberData(nameof(Tables))]
    public void A_number_has_its_bounds_and_a_list_its_length(string kind, string release)
    {
        foreach (CrdSchema schema in Schemas(kind, release))
        {
            if (schema.Bounds.TryGetValue("maximum", out double most))
            {
                Assert.Empty(Problems(kind, release, schema.Path, (int)most));
                Assert.Single(Problems(kind, release, schema.Path, (int)most + 1));
            }

            if (schema.Type == "array" && schema.Bounds.TryGetValue("maxItems", out double longest))
            {
                Assert.Empty(Problems(kind, release, schema.Path, ListOf(schema.Items!, (int)longest)));
                Assert.Single(Problems(kind, release, schema.Path, ListOf(schema.Items!, (int)longest + 1)));
            }
        }
    }

    private static JsonArray ListOf(CrdSchema items, int length) => new([.. Enumerable.Range(0, length).Select(_ => SampleObject.Of(items))]);

    private static IReadOnlyList<ConfigProblem> Problems(string kind, string release, string path, JsonNode value) =>
        SampleObject.Problems(CrdTable.Of(kind), ProductVersion.Parse(release), path, value);

    private static IEnumerable<CrdSchema> Schemas(string kind, string release) => CrdTable.Of(kind).Cells
        .Where(cell => (cell.Since is null || cell.Since <= ProductVersion.Parse(release)) && (cell.Until is null || ProductVersion.Parse(release) <= cell.Until))
        .Select(cell => cell.Schema.Type == "object" || cell.Schema.Type == "array" ? SampleObject.At(CrdTable.Of(kind).At(ProductVersion.Parse(release)), cell.Schema.Path)! : cell.Schema);

    /// <summary>As Envoy, Kubernetes and those who type by heart write it.</summary>
    private static IEnumerable<string> Foreign(string value)
    {
        string snake = string.Concat(value.Select((letter, at) => at > 0 && char.IsUpper(letter) && char.IsLower(value[at - 1]) ? $"_{letter}" : $"{letter}"));
        string pascal = string.Concat(snake.Split('_').Select(word => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(word.ToLowerInvariant())));
        return value.Length == 0 ? ["core"] : [value.ToLowerInvariant(), value.ToUpperInvariant(), snake.ToUpperInvariant(), snake.ToLowerInvariant(), pascal, value + " "];
    }

    private static string TypeOf(JsonNode value) => value switch
    {
        JsonObject => "object",
        JsonArray => "array",
        _ when value.GetValueKind() == System.Text.Json.JsonValueKind.String => "string",
        _ when value.GetValueKind() == System.Text.Json.JsonValueKind.True => "boolean",
        _ => value.ToJsonString().Contains('.', StringComparison.Ordinal) ? "number" : "integer",
    };
}
