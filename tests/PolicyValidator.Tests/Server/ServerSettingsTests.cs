using System.Text.Json;
using PolicyValidator.Model;
using Tests.Shared;

namespace PolicyValidator.Tests.Server;

/// <summary>What the validator knows of the server's file is what the server reads.</summary>
public sealed class ServerSettingsTests
{
    [Fact]
    public void Every_setting_of_the_server_s_schema_is_known_as_one()
    {
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("docs/extproc.schema.json")));
        IEnumerable<string> settings = schema.RootElement.GetProperty("properties").EnumerateObject().Select(setting => setting.Name.ToLowerInvariant());

        Assert.Equal(settings.Order(StringComparer.Ordinal), ServerConfig.Keys.Order(StringComparer.Ordinal));
    }
}
