using System.Net;
using OrleansCallback.Tests.Calls;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Baresip;

/// <summary>A terminal as its owner sees it.</summary>
/// <param name="Owner">Who sees it.</param>
/// <param name="Address">Where in the API.</param>
/// <param name="Account">Its name.</param>
/// <param name="Password">Its password.</param>
public sealed record Terminal(SiteClient Owner, string Address, string Account, string Password)
{
    /// <summary>Makes it, or gives it another password.</summary>
    public static async Task<Terminal> MakeAsync(SiteClient owner, string address, string account)
    {
        var made = await owner.PostAsync(address, new { account });
        Assert.True(made.Code == HttpStatusCode.Created, $"{made.Body}");
        Assert.Equal(account, made.Text("account"));
        Assert.Equal(
            $"sip:{account}:{made.Text("password")}@{made.Text("domain")};transport={made.Text("transport")}", made.Body.GetProperty("qr").GetProperty("text").GetString());
        return new(owner, address, account, made.Text("password")!);
    }

    /// <summary>Another password: the one before is good for nothing any more.</summary>
    public Task<Terminal> AnewAsync() => MakeAsync(Owner, Address, Account);

    /// <summary>Waits until so many phones are registered with it.</summary>
    public Task HasAsync(int phones, Func<string> detail) => Waiting.UntilAsync(
        $"{phones} phones of {Account}", TerminalSite.Soon, async () => await CountAsync() == phones, detail);

    /// <summary>How many phones are registered with it.</summary>
    public async Task<int> CountAsync() => (await Owner.ReadAsync(Address)).Body.GetProperty("terminals").EnumerateArray()
        .Single(terminal => terminal.GetProperty("account").GetString() == Account).GetProperty("registered").GetInt32();
}
