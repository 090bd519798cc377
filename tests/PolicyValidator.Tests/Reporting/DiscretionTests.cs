using PolicyValidator.Reporting;
using PolicyValidator.Rules;
using PolicyValidator.Tests.Cli;
using PolicyValidator.Tests.Robustness;

namespace PolicyValidator.Tests.Reporting;

/// <summary>What stands in logs: nothing of a file that is no policy, and no secret of one that is.</summary>
public sealed class DiscretionTests : IDisposable
{
    private const string Filter = "\"@type\": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor\n";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("a.yaml", "user: s3cret-4711: [\n")]
    [InlineData("a.yaml", "PATH=/bin\u0000KEY=s3cret-4711\u0000")]
    [InlineData("a.yaml", "PWD=/srv/extproc: a: [\u0000KEY=s3cret-4711\u0000")]
    [InlineData("a.yaml", "a: *s3cret-4711\n")]
    [InlineData("a.yaml", "a: {s3cret-4711: ]\n")]
    [InlineData("a.yaml", "\"s3cret-4711\" x: \"s3cret-4711\n")]
    [InlineData("a.json", "{s3cret-4711}")]
    [InlineData("a.json", "{\"a\": s3cret-4711}")]
    [InlineData("a.json", "{\"a\": 0s3cret-4711}")]
    [InlineData("a.json", "{\"\\s3cret-4711\"}")]
    public void Of_a_file_that_is_no_policy_the_place_is_all_that_is_told(string name, string text)
    {
        string path = folder.Write(name, text);
        AssertHidden(path, "t-4711", "s3cret");
        Assert.Contains($"{path}:", Run.Of("lint", path).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {a: s3cret-4711}\n---\n" + Filter + "grpc_service: [\n")]
    [InlineData("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  a: s3cret-4711\n  b: |\n    \"@type\": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor\n    stat_prefix: s3cret-4711\n    mode: s3cret-4711\n")]
    [InlineData(Filter + "grpc_service: {envoy_grpc: {cluster_name: a}, initial_metadata: [{key: authorization, value: \"s3cret-4711\\n\"}, {kee: a}]}\nx: {token: s3cret-4711}\n")]
    [InlineData(Filter + "grpc_service: {google_grpc: {target_uri: a, call_credentials: [{access_token: [s3cret-4711]}]}}\n")]
    [InlineData(Filter + "grpc_service: {envoy_grpc: {cluster_name: a}, tls: {private_key: {inline_string: s3cret-4711}}}\n")]
    [InlineData(Filter + "grpc_service: {envoy_grpc: {cluster_name: a}}\npassword: s3cret-4711\n")]
    [InlineData(Filter + "grpc_service: {envoy_grpc: {cluster_name: a}}\nmessage_timeout: {clientSecret: \"s3cret-4711\"}\n")]
    [InlineData(Filter + "grpc_service: {a: 1} # token: s3cret-4711\n")]
    [InlineData(Filter + "grpc_service: {a: 1} # run it with --api-key=s3cret-4711\n")]
    [InlineData(Filter + "grpc_service: {google_grpc: {target_uri: \"https://user:s3cret-4711@host/\", a: 1}}\n")]
    [InlineData(Filter + "args: [\"--token=s3cret-4711\"]\n")]
    [InlineData(Filter + "request_attributes: [\"Bearer s3cret-4711\"]\n")]
    [InlineData(Filter + "message_timeout: \"-----BEGIN RSA PRIVATE KEY-----\\ns3cret-4711\"\n")]
    [InlineData(Filter + "a: |\n  -----BEGIN PRIVATE KEY-----\n  s3cret-4711\n  -----END PRIVATE KEY-----\n")]
    [InlineData(Filter + "a: 1 # ghp_s3cret-4711abcdef\n")]
    [InlineData(Filter + "grpc_service: {envoy_grpc: {cluster_name: a}, initial_metadata: [{key: x-Client-Secret, value: \"s3cret-4711\\n\"}]}\n")]
    [InlineData(Filter + "grpc_service: {a: {name: authorization, string_match: {exact: s3cret-4711}}}\n")]
    [InlineData(Filter + "env: [{name: DB_PASSWORD, value: s3cret-4711}]\n")]
    [InlineData(Filter + "tokens: [s3cret-4711]\nsigning_key: s3cret-4711\ntls.key: s3cret-4711\n.dockerconfigjson: s3cret-4711\ndb_pwd: s3cret-4711\n")]
    [InlineData(Filter + "token: s3cret-4711\na: s3cret-4711\n")]
    [InlineData(Filter + "\"pass\\u0077ord\": s3cret-4711\na: 1\n")]
    [InlineData(Filter + "\"pass\\u0077ord\": \"s3cret-4711\" x\n")]
    [InlineData(Filter + "Authorization Bearer s3cret-4711: [ }\n")]
    [InlineData(Filter + "a: https://user:s3cret-4711@host/: [ }\n")]
    [InlineData(Filter + "pwd: s3cret-4711: [ }\n")]
    public void A_secret_in_a_policy_is_not_told(string text) => AssertHidden(folder.Write("a.yaml", text), "s3cret-4711");

    [Fact]
    public void All_else_in_a_policy_with_a_secret_is_shown()
    {
        string path = folder.Write("a.yaml", Filter + "grpc_service: {envoy_grpc: {cluster_name: a}, initial_metadata: [{key: authorization, value: s3cret-4711}], timeouts: 7s}\n");
        string output = Run.Of("lint", path).Output;
        Assert.Contains("{key: authorization, value: ***********}], timeouts: 7s}", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("authorization")]
    [InlineData("x-token")]
    [InlineData("cookie")]
    public void What_is_only_called_like_a_secret_is_shown(string name)
    {
        string path = folder.Write("a.yaml", $"- name: {name}\n  typed_config:\n    {Filter}    grpc_service: {{envoy_grpc: {{cluster_name: tokens-of-mine}}}}\n    request_timeout: 7s # asia-northeast1-docker, a token of love\n");
        Assert.Contains("request_timeout: 7s # asia-northeast1-docker, a token of love", Run.Of("lint", path).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "@@ -3,2 +3,3 @@")]
    [InlineData("  plain: 1\n", "@@ -3,3 +3,4 @@")]
    public void No_secret_stands_beside_what_a_difference_changes(string between, string header)
    {
        string text = $"- {Filter.Replace("\n", "", StringComparison.Ordinal)}\n  password: s3cret-4711\n  processing_mode:\n    request_body_mode: FULL_DUPLEX_STREAMED\n{between}  token: s3cret-4712\n";
        string path = folder.Write("a.yaml", text), diff = Run.Of("lint", "--no-config", "--diff", path).Output;
        Assert.Contains("+    request_trailer_mode: SEND", diff, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", diff, StringComparison.Ordinal);
        Assert.Contains(header, diff, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eyJ-")]
    [InlineData("eyJa.")]
    [InlineData("://a:")]
    [InlineData("-----BEGIN ")]
    [InlineData("token ")]
    [InlineData("# token: ")]
    [InlineData("Bearer ")]
    [InlineData(": a-")]
    public void What_nearly_looks_like_secrets_takes_no_longer_than_it_is_long(string piece) => Assert.Null(WorkBound.Excess(20_000, times =>
    {
        LintResult result = Linter.Lint([new("a.yaml", Filter + "a: 1\n# " + string.Concat(Enumerable.Repeat(piece, times)) + "\n")], Target.Newest, new());
        return () => FileReports.Of(result);
    }));

    [Fact]
    public void A_broken_policy_without_secrets_is_shown()
    {
        string path = folder.Write("a.yaml", Filter + "grpc_service: }\n");
        Assert.Contains("2 | grpc_service: }", Run.Of("lint", path).Output, StringComparison.Ordinal);
    }

    private static void AssertHidden(string path, params string[] words)
    {
        foreach (string format in Reporters.Names)
        {
            Run run = Run.Of("lint", "--no-config", "--format", format, path);
            Assert.NotEqual(0, run.ExitCode);
            Assert.All(words, word => Assert.DoesNotContain(word, run.Output + run.Error, StringComparison.Ordinal));
        }
    }
}
