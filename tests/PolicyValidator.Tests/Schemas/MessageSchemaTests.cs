using System.Text.Encodings.Web;
using System.Text.Json;
using PolicyValidator.Decoding;
using Tests.Shared;

namespace PolicyValidator.Tests.Schemas;

public sealed class MessageSchemaTests
{
    private static readonly JsonSerializerOptions Form = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void The_schema_of_a_filter_is_made_of_its_descriptor() => Holds("external-processor", TypeUrls.Filter);

    [Fact]
    public void The_schema_of_a_route_is_made_of_its_descriptor() => Holds("ext-proc-per-route", TypeUrls.PerRoute);

    private static void Holds(string name, string type) =>
        Golden.File($"docs/{name}.schema.json", MessageSchema.Of(EnvoyTypes.Find(type)!).ToJsonString(Form) + "\n");
}
