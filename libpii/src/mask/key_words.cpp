#include "mask/key_words.hpp"

namespace pii::mask::words {
namespace {

using Kind = KeyVerdict::Kind;
constexpr std::uint8_t kAlone = Meaning::kAlone;
constexpr std::uint8_t kAnyTail = Meaning::kAnyTail;
constexpr std::uint8_t kUnderCard = Meaning::kUnderCard;
constexpr std::uint8_t kOfPerson = Meaning::kOfPerson;
constexpr std::uint8_t kPostal = Meaning::kPostal;

// clang-format off
constexpr Meaning kMeanings[] = {
    {Kind::sensitive, Detector::email, 0,
     "email,e mail,email address,e mail address,email addr,email id,e mail id,mail address,email adress,correo,"
     "correo electronico,courriel,البريد الالكتروني,بريد الكتروني,ايميل,الايميل,البريد"},
    {Kind::sensitive, Detector::email, kAlone, "mail"},
    {Kind::sensitive, Detector::phone, 0,
     "phone,telephone,mobile,msisdn,cellphone,cell phone,cell number,cell no,whatsapp,whats app,fax,tel,tel no,tel number,"
     "tel num,phone number,phone no,phone num,phone nr,mobile number,mobile no,mobile num,mobile nr,mobile phone,mob no,"
     "mob number,mobno,gsm number,gsm no,contact number,contact no,contact num,whatsapp number,whatsapp no,fax number,"
     "fax no,telephone number,telephone no,landline,land line,handphone,phone e 164,caller id,caller number,calling number,"
     "called number,callback number,telefono,telefon,telefonnummer,handynummer,téléphone,celular,ph no,ph number,"
     "هاتف,رقم الهاتف,جوال,رقم الجوال,موبايل,رقم الموبايل,تلفون,رقم التلفون,واتساب,رقم التواصل,المحمول,نقال"},
    {Kind::sensitive, Detector::phone, kAlone, "contact,mob,gsm,cell"},

    {Kind::sensitive, Detector::person_name, kOfPerson, "name,nm"},
    {Kind::sensitive, Detector::person_name, 0,
     "first name,last name,full name,middle name,given name,family name,maiden name,legal name,sur name,surname,fore name,"
     "forename,fname,lname,mname,second name,third name,fourth name,father name,mother name,grandfather name,spouse name,"
     "nick name,name on card,name as on card,cardholder,card holder,card holder name,cardholder name,account holder,"
     "account holder name,account name,name on account,holder name,initials,preferred name,birth name,name at birth,"
     "vorname,nachname,nombre completo,apellido,prénom,nom complet,nom de famille,"
     "الاسم,الاسم الكامل,الاسم الاول,اسم العميل,اسم المستفيد,اسم العائلة,اسم الاب,اسم الام,اللقب,اسم حامل البطاقة,حامل البطاقة,"
     "اسم المرسل,اسم المستلم,اسم المريض,اسم الموظف"},
    {Kind::sensitive, Detector::person_name, kAlone,
     "payer,payee,beneficiary,customer,recipient,cardmember,remitter,patient,spouse,next of kin,nominee,guarantor,"
     "borrower,lessee,tenant name,passenger,account owner,legal representative,المستفيد,العميل,المرسل,المستلم"},
    {Kind::sensitive, Detector::person_name, kUnderCard, "holder,owner"},

    {Kind::sensitive, Detector::address, kPostal, "address"},
    {Kind::sensitive, Detector::address, 0,
     "street,street address,street name,street number,street no,address line,addr line,address 1,address 2,address 3,"
     "home addr,billing addr,shipping addr,customer addr,street addr,mailing addr,delivery addr,user addr,ship addr,bill addr,postal addr,cust addr,"
     "home address,house address,house number,house no,residence address,residential address,mailing address,"
     "postal address,delivery address,billing address,shipping address,ship address,bill address,permanent address,"
     "current address,full address,address full,address text,zip code,zip postal,post code,postcode,postal code,zipcode,"
     "postal zip,plz,po box,p o box,avenue no,apartment number,apartment no,apt number,apt no,flat number,flat no,"
     "paci number address,adresse,dirección,direccion,anschrift,strasse,"
     "العنوان,عنوان السكن,الشارع,رقم المنزل,الرمز البريدي,صندوق البريد"},

    {Kind::sensitive, Detector::dob, kAnyTail, "dob,date of birth,birth date,birth day,birthdate,birthday,born on,born at,d o b,birth dt,"
     "geburtsdatum,fecha de nacimiento,date de naissance,تاريخ الميلاد,الميلاد"},

    {Kind::sensitive, Detector::card, 0,
     "ccno,card number,card no,card num,card nr,card pan,cc number,cc num,cc no,credit card,credit card number,credit card no,"
     "credit card num,debit card,debit card number,payment card number,prepaid card number,primary account number,"
     "kartennummer,numero de tarjeta,tarjeta,رقم البطاقة,رقم البطاقة الائتمانية,بطاقة ائتمان,رقم الكارت"},
    {Kind::sensitive, Detector::card, kAlone, "card,pan,payment card,bank card,acct pan,dpan,fpan,full pan,pan number,pan no"},
    {Kind::sensitive, Detector::card, kAnyTail, "track 1,track 2,track data,track 1 data,track 2 data,magstripe,mag stripe"},
    {Kind::drop, Detector::cvv, kAnyTail,
     "cvv,cvv 2,cvc,cvc 2,csc,cvn,cvn 2,cav 2,card cid,card cvv,card cvc,card security code,card verification,"
     "card verification value,card verification code,card verification number,security code,card code verification"},
    {Kind::drop, Detector::cvv, kUnderCard, "verification value"},
    {Kind::sensitive, Detector::card_expiry, 0,
     "card expiry,card expiration,card exp,cc exp,card expiry date,card expiration date,card exp date,card expiry month,"
     "card expiry year,card exp month,card exp year,card expiration month,card expiration year,cc expiry,cc exp date,"
     "cc exp month,cc exp year,valid thru,card valid thru,card valid until,exp month,exp year,expiry month,expiry year,"
     "expiration month,expiration year,exp mo,exp yr,expmonth,expyear,exp mm,exp yy,expiry mm,expiry yy,تاريخ انتهاء البطاقة"},
    {Kind::sensitive, Detector::card_expiry, kUnderCard,
     "expiry,expiration,exp,expires,expiry date,expiration date,exp date,valid until,validity"},

    {Kind::sensitive, Detector::iban, kAnyTail, "iban,iban number,iban no,iban num,الايبان,ايبان,رقم الايبان"},
    {Kind::sensitive, Detector::account, 0,
     "account number,account no,account num,account nr,acct number,acct no,acct num,acc number,acc no,acc num,acct nbr,"
     "bank account,bank account number,bank account no,bank acct,accountno,acctno,beneficiary account,payee account,debit account,"
     "credit account,debtor account,creditor account,from account,to account,source account,destination account,sort code,"
     "routing number,aba number,aba routing,bban,bsb number,رقم الحساب,حساب بنكي"},
    {Kind::sensitive, Detector::account, kAlone, "account,acct"},

    {Kind::secret, Detector::secret, kAnyTail,
     "password,passwd,pwd,passphrase,pass phrase,pass word,passwort,contraseña,mot de passe,كلمة المرور,كلمة السر,"
     "api key,api secret,secret key,private key,client secret,consumer secret,app secret,shared secret,master key,"
     "encryption key,signing key,signing secret,hmac key,webhook secret,access key secret,secret access key,secret id,"
     "account key,storage key,auth key,ssh key,pgp key,license key,licence key,security key,consumer key,"
     "session key,recovery code,backup code,recovery phrase,seed phrase,recovery key,totp secret,otp secret,mnemonic,"
     "access token,refresh token,id token,auth token,bearer token,csrf token,xsrf token,session token,security token,"
     "jwt token,oauth token,api token,user token,device token,push token,fcm token,reset token,verification token,"
     "password hash,passwd hash,pwd hash,password digest,password crypt,password salt,personal access token,service token,secret token,card token,payment token,csrfmiddlewaretoken,client assertion,"
     "security answer,secret answer,secret question answer,mother maiden name answer"},
    {Kind::secret, Detector::secret, 0,
     "secret,token,jwt,access key,credential,bearer,db pass,user pass,smtp pass,mail pass,admin pass,root pass,ftp pass,"
     "mysql pass,redis pass,login pass,proxy pass,jsessionid,phpsessid,connect sid,aspsessionid,asp net sessionid,csrf,xsrf,"
     "code verifier,sas token,sig key,signature key"},
    {Kind::drop, Detector::secret, 0,
     "otp,otp code,otp value,one time password,one time passcode,one time code,one time pin,totp,totp code,pass code,passcode,"
     "mfa code,2 fa code,two factor code,sms code,sms otp,otp token,verification pin,pin code,card pin,atm pin,pin number,"
     "pin block,mpin,m pin,upi pin,user pin,login pin,security pin,pin no,confirm pin,new pin,old pin,رمز التحقق,الرقم السري"},
    {Kind::drop, Detector::secret, kAlone, "pin,tac,authentication code,verification code,verify code"},

    {Kind::authorization, Detector::auth_header, 0,
     "authorization,proxy authorization,authorisation,x authorization,x api key,x apikey,x auth token,x auth key,x auth,"
     "x access token,x amz security token,x csrf token,x xsrf token,x session token,x vault token,x gitlab token,x api token,"
     "x goog api key,x functions key,x rapidapi key,x client secret,x secret key,x user token,x auth,x id token,"
     "x amzn oidc data,x amzn oidc accesstoken,x shopify access token,x hasura admin secret,x token,ocp apim subscription key,"
     "authentication,private token,x forwarded access token,x refresh token,x api secret"},
    {Kind::cookie, Detector::cookie, 0, "cookie,session cookie,auth cookie,x cookie,http cookie"},
    {Kind::set_cookie, Detector::cookie, 0, "set cookie"},

    {Kind::sensitive, Detector::kw_civil_id, 0,
     "civil id,civil number,civil no,civil id number,civil id no,civil num,cid,cid no,cid number,civilid,paci number,paci no,paci id,"
     "kuwait id,kuwaiti id,kuwait civil id,الرقم المدني,البطاقة المدنية,رقم مدني,بطاقة مدنية"},
    {Kind::sensitive, Detector::sa_id, 0,
     "iqama,iqama no,iqama number,iqama id,iqama num,saudi id,saudi national id,absher id,ksa id,"
     "هوية مقيم,الاقامة,رقم الاقامة"},
    {Kind::sensitive, Detector::ae_eid, 0, "emirate id,emirate id no,emirate id number,eid,eid no,eid number,eida,uae id,الهوية الاماراتية"},
    {Kind::sensitive, Detector::qa_qid, 0, "qid,qid no,qid number,qatar id,qatari id"},
    {Kind::sensitive, Detector::bh_cpr, 0, "cpr,cpr no,cpr number,bahrain id,bahraini id,الرقم الشخصي"},
    {Kind::sensitive, Detector::om_civil, 0, "oman id,omani id,oman civil,resident card,resident card number,resident card no"},
    {Kind::sensitive, Detector::us_ssn, 0,
     "ssn,ssn no,ssn number,social security,social security number,social security no,social security num,socialsecuritynumber,soc sec,soc sec no"},
    {Kind::sensitive, Detector::us_itin, 0, "itin"},
    {Kind::sensitive, Detector::uk_nhs, 0, "nhs number,nhs no"},
    {Kind::sensitive, Detector::uk_nino, 0, "nino,national insurance,national insurance number,national insurance no,ni number"},
    {Kind::sensitive, Detector::es_dni, 0, "dni,nie,nif"},
    {Kind::sensitive, Detector::it_cf, 0, "codice fiscale,codicefiscale"},
    {Kind::sensitive, Detector::in_aadhaar, 0,
     "aadhaar,aadhar,adhaar,aadhaar number,aadhaar no,aadhar number,aadhar no,aadhaar id,aadhar id,uidai,uid ai"},
    {Kind::sensitive, Detector::in_pan, 0, "pan card,pan card number,pan card no,income tax pan"},
    {Kind::sensitive, Detector::pk_cnic, 0, "cnic,cnic no,cnic number,nicop"},
    {Kind::sensitive, Detector::eg_nid, 0, "egypt national id,egyptian id,egypt id"},
    {Kind::sensitive, Detector::br_cpf, 0, "cpf"},
    {Kind::sensitive, Detector::br_cnpj, 0, "cnpj"},
    {Kind::sensitive, Detector::national_id, 0,
     "national id,national id no,national id number,national identity,national identity number,national number,national no,"
     "nationalid,national id card,nid,nid no,nid number,identity number,identity no,identity card,identity card number,"
     "identity document number,identification number,identification no,personal identification number,personal id,personal id number,"
     "personal number,personnummer,id card,id card number,id card no,citizen id,citizen number,resident id,resident number,"
     "residency number,residency id,residence permit,residence permit number,gcc id,government id,govt id,gov id,tax id,"
     "tax id number,tax identification number,taxpayer id,tin number,fiscal code,tax number,driver license,driver license number,driver license no,"
     "driver licence,driver licence number,driving license,driving license number,driving licence,driving licence number,"
     "license plate number,nric,nric no,fin number,curp,bsn,hkid,kyc id number,ssn or id,document id number,"
     "رقم الهوية,الهوية الوطنية,رقم الهوية الوطنية,الهوية,رقم البطاقة الشخصية,الرقم القومي,الرقم الوطني"},
    {Kind::sensitive, Detector::national_id, kAlone, "id number,id no,id num,idnumber"},
    {Kind::sensitive, Detector::passport, 0, "passport,passport no,passport number,passport num,passport id,جواز السفر,رقم الجواز,رقم جواز السفر"},

    {Kind::sensitive, Detector::username, 0, "user name,username,login name,screen name,login,user login"},
    {Kind::sensitive, Detector::gender, kAlone, "gender,sex,الجنس"},
    {Kind::sensitive, Detector::geo, kAlone,
     "geo location,latitude,longitude,lat,lon,lng,lat lng,lat lon,gps,gps location,gps coordinate,coordinate,geo point"},
    {Kind::sensitive, Detector::generic, kAlone, "shipping,billing,udf,shipping detail,billing detail,ship to,bill to"},
};

constexpr DetectorSet kCardContext = {Detector::card, Detector::card_track};
constexpr Context kContexts[] = {
    {{Detector::phone},
     "phone,telephone,mobile,msisdn,tel,whatsapp,whats app,sms,otp,call,caller,contact,cell,cellphone,landline,fax,handphone,gsm,mob,viber,"
     "telefono,telefon,celular,هاتف,جوال,موبايل,تلفون,واتساب,اتصال,رسالة,نقال,محمول,تواصل"},
    {kCardContext,
     "card,pan,cc,visa,mada,mastercard,master card,amex,american express,knet,debit,credit,creditcard,maestro,discover,diner,jcb,unionpay,meeza,"
     "benefit,omannet,cardholder,tarjeta,بطاقة,فيزا,ماستركارد,مدى"},
    {{Detector::kw_civil_id}, "civil,cid,kyc,paci,civil id,kuwait,مدني,مدنية,بطاقة مدنية"},
    {{Detector::om_civil}, "civil,civil id,oman,omani,resident card,مدني"},
    {{Detector::sa_id}, "iqama,national id,nid,absher,saudi,ksa,nationalid,identity,id number,هوية,اقامة"},
    {{Detector::ae_eid}, "emirate,emirates,eid,eida,uae,هوية,الامارات"},
    {{Detector::qa_qid}, "qid,qatar,qatari,قطر"},
    {{Detector::bh_cpr}, "cpr,bahrain,bahraini"},
    {{Detector::us_ssn}, "ssn,social,social security"},
    {{Detector::us_itin}, "itin,taxpayer,tin"},
    {{Detector::uk_nhs}, "nhs"},
    {{Detector::uk_nino}, "nino,insurance,national insurance"},
    {{Detector::es_dni}, "dni,nie,nif"},
    {{Detector::it_cf}, "codice fiscale,fiscale,codicefiscale"},
    {{Detector::in_aadhaar}, "aadhaar,aadhar,adhaar,uidai"},
    {{Detector::in_pan}, "pan,income tax,pan card"},
    {{Detector::pk_cnic}, "cnic,nicop,nadra"},
    {{Detector::eg_nid}, "egypt,egyptian,national id,nid,القومي,الرقم القومي"},
    {{Detector::br_cpf}, "cpf"},
    {{Detector::br_cnpj}, "cnpj"},
    {{Detector::iban}, "iban,ايبان"},
    {{Detector::swift_bic}, "bic,swift"},
    {{Detector::email}, "email,mail,e mail"},
    {{Detector::ipv4, Detector::ipv6},
     "ip,ipv 4,ipv 6,addr,client,remote,remote addr,forwarded,forwarded for,x real ip,ip address,peer,source,destination,client ip"},
    {{Detector::mac}, "mac,bssid,ether,hwaddr"},
    {{Detector::btc, Detector::eth}, "wallet,btc,bitcoin,eth,ethereum,crypto"},
    {{Detector::imei}, "imei"},
    {{Detector::iccid}, "iccid,sim"},
    {{Detector::vin}, "vin,chassis,vehicle"},
    {{Detector::passport}, "passport,جواز"},
    {{Detector::dob}, "dob,birth,born,birthday,birthdate,الميلاد"},
    {{Detector::auth_header}, "authorization,auth,bearer"},
    {{Detector::secret, Detector::api_key, Detector::jwt}, "password,passwd,pwd,secret,token,api key,apikey,jwt,credential"},
};
// clang-format on

}  // namespace

std::span<const Meaning> meanings() noexcept { return kMeanings; }
std::span<const Context> contexts() noexcept { return kContexts; }

// clang-format off
const std::string_view kPlain =
    "sim card,graphics card,gpu card,sound card,network card,video card,memory card,sd card,gift card,score card,scorecard,report card,"
    "punch card,wild card,loyalty card,business card,index card,card brand,card scheme,card network,card issuer,card bin,card last 4,card last four,"
    "pan bin,pan last 4,card art,card present,card acceptor,card entry,card reader,card level,"
    "i phone,windows phone,phone model,phone brand,phone book,phonebook,"
    "user agent,user role,user group,"
    "service account,cloud account,storage account,twitter account,"
    "email domain,mail domain,mail server,mail host,mail queue,mail box,mailbox,mail from domain,"
    "page token,next token,next page token,continuation token,sync token,cursor token,pagination token,prompt token,completion token,"
    "input token,output token,total token,cached token,reasoning token,max token,token per second,token type,token bucket,token limit,"
    "mac address,hardware address,memory address,start address,base address,bind address,listen address,loopback address,multicast address,"
    "ip address,ip addr,remote addr,remote address,peer address,peer addr,local addr,local address,server addr,server address,host address,"
    "socket address,broadcast address,gateway address,web address,contract address,wallet address,btc address,bitcoin address,eth address,"
    "ethereum address,client addr,x client addr,network address,source addr,destination addr,dest addr,src addr,dst addr,virtual address,"
    "security code type,id card type,address book,address space,address family,address range,"
    "secret name,secret manager,secret store,secret arn,secret path,secret ref,password policy,password hint,password strength,"
    "password manager,password field,password expiry,password expired,password expiration,password expire,password changed,password last changed,"
    "password reset,password change,password min,password max,password attempt,password age,credential type,public key,"
    "pin entry mode,pin entry,pin verification,pin try,pin verified,otp channel,otp sent,otp expiry,otp expire,otp attempt,otp verified,otp retry,"
    "cvv result,cvv match,cvv check,cvv response,cvv present,cvv indicator,cvc check,cvc result,cvv verified,security code check,"
    "contact center,contact centre,call center,contact form,contact us,contact reason,contact preference,customer support,customer service,"
    "customer segment,customer group,customer care,"
    "mobile app,mobile device,mobile web,mobile network,mobile carrier,mobile operator,mobile platform,mobile os,mobile country,"
    "address mode,cell tower,cell index,cell format,cell ref,"
    "shipping method,shipping cost,shipping fee,shipping rate,shipping carrier,billing cycle,billing period,billing plan,billing mode,"
    "birth certificate type,born before,name space,name server,nameserver,domain name server,first name field,"
    "account manager,account plan,account tier,account currency,account balance,account branch,card currency,"
    "authorization endpoint,authorization url,authorization server,national holiday,eid holiday,"
    "last login,login url,login method,login attempt,login count,"
    "correlation cid,coordinate system,gps enabled,pan european";

const std::string_view kSafe =
    "gateway name,vendor name,module name,func name,task name,service name,app name,project name,class name,method name,view name,username,"
    "site name,domain name,bank name,display name,install name,installation name,event name,customer id,id,pk,"
    "host name,file name,table name,column name,field name,queue name,topic name,metric name,region name,country name,city name,product name,"
    "plan name,logger name,thread name,process name,session name,log name,function name,index name,bucket name,cluster name,node name,pod name,"
    "container name,image name,job name,step name,stage name,group name,role name,policy name,rule name,tag name,label name,key name,attribute name,"
    "property name,parameter name,param name,variable name,type name,template name,operation name,span name,schema name,database name,db name,"
    "collection name,brand name,store name,branch name,department name,device name,os name,browser name,component name,package name,feature name,"
    "flag name,status name,currency name,category name,item name,sku name,channel name,provider name,issuer name,network name,scheme name,"
    "namespace,hostname,filename,user agent,user id,client id,merchant id,merchant name,hotel code,telemetry,intelligence,renamed,"
    "resource name,instance name,zone name,environment name,env name,tenant name,index,logger,levelname,funcname,threadname,processname,pathname,"
    "server name,company name,organization name,organisation name,school name,university name,team name,game name,song name,movie name,"
    "bundle name,common name,distinguished name,subject name,alias name,algorithm name,model name,engine name,program name,command name";

const std::string_view kTails =
    "count,counter,id,uuid,guid,type,tier,status,state,length,len,size,verified,unverified,confirmed,format,hash,hashed,digest,checksum,fingerprint,"
    "version,enabled,disabled,required,optional,valid,invalid,validated,amount,currency,total,sum,date,time,timestamp,at,ts,method,provider,template,"
    "index,limit,max,min,flag,exists,present,missing,changed,updated,created,expired,expires,expiry,ttl,age,level,mode,kind,category,class,group,"
    "label,title,schema,column,table,field,pattern,regex,mask,masked,encrypted,tokenized,redacted,url,uri,link,endpoint,path,file,source,"
    "reason,error,result,response,score,rank,priority,ratio,rate,fee,price,balance,quantity,qty,number of,bytes,config,setting,option,preference,"
    "policy,rule,queue,topic,channel,server,client,service,host,port,domain,subject,body,content,campaign,list,book,model,brand,vendor,scheme,"
    "network,issuer,operator,carrier,segment,role,permission,scope,attempt,retry,retries,sent,delivered,opened,bounced,unsubscribed,opt in,"
    "visible,hidden,editable,available,unique,match,matched,check,checked,verification,validation,validator,normalizer,handler,parser,"
    "code,prefix,suffix,bin,last 4,last four,first 6,country,locale,language,lang,tz,timezone,extension,ext,job,task,worker,event,notification,"
    "strength,entropy,hint,algorithm,alg,usage,used,remaining,consumed,per,duration,latency,ms,sec,seconds,minutes,hours,days,percent,pct,"
    "cycle,period,interval,cost,threshold,quota,plan,program,reference,ref,manager,backend,driver,engine,adapter,agent,sender id,page,screen,"
    "step,stage,button,form,input type,placeholder,tag,feature,consent,allowed,denied,blocked,locked,active,inactive,deleted,archived,default";

const std::string_view kNeutral =
    "x,http,n,s,p,m,str,num,no,nr,the,my,our,your,new,old,current,original,raw,plain,input,output,req,request,res,resp,response,param,arg,field,form,"
    "data,payload,meta,value,val,text,string,primary,secondary,main,alternate,alternative,alt,other,backup,personal,private,work,office,business,home,"
    "billing,bill,shipping,ship,delivery,contact,emergency,temp,test,verified,registered,linked,saved,stored,debit,credit,prepaid,"
    "from,to,in,out,src,dst,source,dest,destination,target,origin,default,real,full,complete,local,international,national,intl,kyc,payment,"
    "notification,notify,support,reply,recovery,confirm,confirmation,repeat,retype,second,first,last,previous,prev,next of kin,masked of,extra,additional,"
    "ar,en,arabic,english,native,latin,lower,upper,normalized,formatted,canonical,clean,cleaned,encoded,decoded,display,kw,sa,ae,bh,qa,om";

const std::string_view kNeutralTail =
    "number,num,no,nr,nbr,value,val,raw,text,txt,str,string,plain,plaintext,clear,cleartext,ar,en,arabic,english,native,latin,local,intl,international,"
    "national,e 164,normalized,formatted,canonical,clean,original,orig,orginal,new,old,current,previous,prev,primary,secondary,alternate,alternative,alt,home,work,"
    "office,mobile,personal,business,backup,confirm,confirmation,repeat,again,retype,info,data,detail,detai,input,entered,given,provided,supplied,full,complete,"
    "line,s,x,kw,sa,ae,bh,qa,om,from,to,one,two,three,i,ii,a,b,other,additional,extra,display,decrypted,decoded,unmasked";

const std::string_view kLeads =
    "is,has,have,had,max,min,total,count,can,should,allow,allows,enable,disable,require,requires,show,hide,use,uses,skip,"
    "masked,truncated,hashed,encrypted,tokenized,obfuscated,redacted,anonymized,hash,number of,count of,no of,num of,invalid,missing,unique,distinct,"
    "validate,verify,send,sends,sent,accept,accepts,need,needs,with,without,avg,average,sum,per,ignore,exclude,include";

const std::string_view kSoftLeads = "verify,validate,send,sent,hashed,encrypted,hash,unique,with,distinct,include,use,need";

const std::string_view kQuiet =
    "x,n,s,str,the,my,our,your,new,old,current,original,raw,real,full,ar,en,arabic,english,native,latin,confirm,http,m,p,display";

const std::string_view kPersons =
    "customer,cust,client,payer,payee,beneficiary,benef,bene,recipient,sender,receiver,remitter,user,person,contact,cardholder,card holder,holder,"
    "account holder,acct holder,member,guest,passenger,traveller,traveler,driver,patient,doctor,physician,employee,emp,staff,student,teacher,guardian,mother,father,"
    "spouse,husband,wife,son,daughter,sibling,owner,applicant,borrower,lender,buyer,seller,shopper,subscriber,resident,citizen,signer,signatory,"
    "author,creator,approver,requester,requestor,assignee,reporter,manager,supervisor,caller,callee,donor,voter,candidate,attendee,participant,"
    "debtor,creditor,insured,policyholder,claimant,nominee,guarantor,lessee,director,shareholder,ubo,representative,billing,shipping,"
    "bill to,ship to,delivery,emergency,emergency contact,kyc,individual,human,people,friend,relative,kin,visitor,player,winner,victim,witness,"
    "maker,checker,cashier,teller,payor,first,last,full,middle,given,family,legal,maiden,preferred,real,birth,nick,sur,fore,card,"
    "عميل,مستفيد,مستخدم,مرسل,مستلم,حامل,موظف,مريض,طالب";

const std::string_view kThings =
    "host,service,log,logger,process,thread,event,agent,os,operating system,geo,country,city,region,state,district,organization,organisation,company,"
    "product,item,file,container,image,network,interface,rule,gateway,bank,plan,package,app,application,module,class,method,function,func,view,task,"
    "job,queue,topic,table,column,field,metric,label,tag,category,brand,store,branch,department,team,group,role,permission,policy,project,workspace,"
    "tenant,cluster,node,pod,namespace,deployment,replica,daemon,job,cronjob,volume,disk,device,browser,engine,platform,vendor,provider,merchant,"
    "channel,campaign,template,form,page,screen,step,stage,workflow,pipeline,build,artifact,repo,repository,commit,ref,feature,flag,experiment,"
    "variant,segment,list,option,attribute,property,param,parameter,variable,env,environment,setting,config,schema,database,db,collection,index,"
    "bucket,key,secret,cert,certificate,issuer,subject,algorithm,cipher,protocol,server,client app,proxy,load balancer,lb,endpoint,route,url,domain,zone,"
    "instance,machine,vm,cpu,gpu,memory,model,dataset,tool,plugin,extension,library,dependency,framework,language,locale,currency,unit,"
    "airline,airport,hotel,room,venue,restaurant,school,hospital,clinic,course,subject area,book,movie,song,album,game,level,"
    "error,exception,status,type,kind,span,trace,transaction,operation,action,command,query,mutation,resource,object,entity,component,span,"
    "dll,pe,elf,registry,autonomous system,as,vlan,observer,orchestrator,faas,cloud,cloud provider,data stream,dns,dns question,question,answer,tls,"
    "threat,vulnerability,scanner,ecs,benchmark,test,suite,case,scenario,check,alert,monitor,dashboard,panel,widget,menu,button,icon,"
    "parent,child,group leader,session leader,entry leader,metadata,header,cookie,scheme,card network,wallet,address type,area,location type,port,socket,signal,sensor,meter,counter,gauge,timer,"
    "sdk,distro,scope,system,runtime,executable,telemetry,otel,rpc,messaging destination,net peer,sock peer,kubernetes,"
    "source code,parent span,user agent,ua,loader,handler,middleware,filter,formatter,program,tier,discount,coupon,promotion,offer,fee,tax,charge type";

const std::string_view kMachines =
    "client,source,server,destination,host,peer,remote,local,listen,bind,broker,proxy,upstream,downstream,backend,endpoint,network,socket,node,"
    "network peer,network local,net,ip,interface,router,gateway,dns,cluster,pod,instance,machine,vm,database,db,redis,kafka,memory,contract,wallet,"
    "mac,web,http,grpc,tcp,udp,inet,forward,nat,sock,observer,device,register,target host,bus,pci,usb,origin,hostname,service,listener,connection,conn,"
    "public,internal,external,private,advertised,leader,follower,master,replica,bootstrap,seed,primary node,cidr,subnet,vpn,tunnel,smart contract,crypto,"
    "token contract,eth,btc,usdt,blockchain,chain,hex,load,base,start,end,stack,heap,return,fault,instruction,symbol,ptr,pointer";

const std::string_view kCards =
    "card,credit card,debit card,payment card,cc,creditcard,debitcard,bank card,card detail,card data,card info,payment method,instrument,payment instrument,"
    "funding source,stored card,saved card,credential on file,pan";

const std::string_view kParts =
    "first,last,middle,given,family,full,second,third,line,street,building,block,city,town,village,zip,postcode,postal,area,district,governorate,avenue,"
    "house,home,apartment,apt,floor,flat,unit,road,value,val,raw,number,num,no,nr,text,local,national,international,e,formatted,original,suffix,title,"
    "nickname,ar,en,arabic,english,name,prefix,digit,day,month,year,holder,content,data,plain,work,mobile,primary,secondary,main,other,personal,"
    "landmark,suburb,neighborhood,neighbourhood,plot,jadda,extra,address,full name,part,initial,string,int,double,float,byte,array,kvlist";

const std::string_view kVersions =
    "version,release,build,ver,firmware,revision,rev,semver,sdk,kernel,os,driver,patch,upgrade,oid,tag,snmp,schema";

const std::string_view kGlued =
    "host name,file name,user name,table name,class name,module name,func name,thread name,process name,level name,path name,bank name,"
    "display name,service name,app name,event name,domain name,user agent,user id,customer id,client id,order id,session id";

const std::string_view kGluedHeads = "name,email,phone,mobile,address,number";
// clang-format on

}  // namespace pii::mask::words
